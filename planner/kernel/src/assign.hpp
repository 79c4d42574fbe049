// The cheapest assignment of rows to columns over a sparse graph, where a row may stay outside at a
// price and a column takes several rows. Shortest augmenting paths after augmenting row reduction:
// Jonker & Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
// problems", Computing 38, 1987 (LAPJVsp).
#pragma once

#include <cstdint>
#include <vector>

#include "match_watch.hpp"

namespace gancang {

// Rows that share a list (the seats of one rider) see the same columns at the same costs.
struct AssignGraph {
    std::int32_t columns = 0;
    std::vector<std::int64_t> first;       // of each list, and the end
    std::vector<std::int32_t> column;      // of each edge
    std::vector<double> cost;              // of each edge
    std::vector<std::int32_t> list;        // of each row
    std::vector<double> outside;           // of each row: the price of staying outside
    std::vector<std::int32_t> capacity;    // of each column

    std::int32_t rows() const { return static_cast<std::int32_t>(list.size()); }
};

class Assigner {
  public:
    explicit Assigner(const AssignGraph& graph);

    void solve(MatchWatch& watch);

    // kOutside where the row stays outside.
    std::int32_t column_of(std::int32_t row) const { return column_of_[row]; }
    // What one place more at the column would save, as a number of zero or less (the dual v).
    double price_of(std::int32_t column) const { return price_[column]; }
    // What the row costs all in all (the dual u).
    double row_price(std::int32_t row) const;

    static constexpr std::int32_t kOutside = -1;

  private:
    struct Best {
        std::int64_t edge = -1, second_edge = -1;  // -1: outside
        double reduced, second_reduced;
    };

    void reduce_rows(MatchWatch& watch);
    bool reduce_row(std::int32_t row, std::int32_t& evicted);
    Best best_of(std::int32_t row) const;
    void augment(std::int32_t row, MatchWatch& watch);
    void relax(std::int32_t row, double potential);
    void follow_back(std::int32_t start);
    void seat(std::int32_t row, std::int64_t edge, std::int64_t place);
    bool is_full(std::int32_t column) const {
        return taken_[column] == graph_.capacity[column];
    }

    // The heap of columns by (distance, number), each at most once.
    bool is_nearer(std::int32_t a, std::int32_t b) const {
        return distance_[a] < distance_[b] || (distance_[a] == distance_[b] && a < b);
    }
    void push_or_lift(std::int32_t column);
    std::int32_t pop();

    const AssignGraph& graph_;
    // The assignment: a column's rows stand in places first_place_[column] and on.
    std::vector<std::int64_t> first_place_;
    std::vector<std::int32_t> row_at_, taken_, column_of_;
    std::vector<std::int64_t> place_of_;
    std::vector<double> cost_of_, price_;
    std::vector<std::int32_t> waiting_;  // rows that row reduction leaves to augmentation
    // The shortest path tree of one augmentation.
    std::vector<double> distance_;
    std::vector<std::int32_t> from_row_, heap_, heap_at_, touched_, scanned_;
    std::vector<std::int64_t> from_edge_;
    double nearest_ = 0;               // the nearest end of a path so far
    std::int32_t end_column_ = 0;      // kOutside: the path ends outside, at
    std::int32_t end_row_ = 0;
};

}  // namespace gancang
