#include "assign.hpp"

#include <limits>
#include <utility>

namespace gancang {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr std::int32_t kNobody = -1;
constexpr std::int32_t kNotInHeap = -1, kDone = -2;
constexpr int kPasses = 2;             // of row reduction; more gain nothing (Jonker & Volgenant)
constexpr std::int64_t kStepsARow = 8;  // of row reduction: rounding could make two rows fight for ever

}  // namespace

Assigner::Assigner(const AssignGraph& graph)
    : graph_(graph),
      first_place_(graph.columns + 1, 0),
      taken_(graph.columns, 0),
      column_of_(graph.rows(), kOutside),
      place_of_(graph.rows(), 0),
      cost_of_(graph.rows(), 0),
      price_(graph.columns, 0),
      distance_(graph.columns, kFar),
      from_row_(graph.columns, kNobody),
      heap_at_(graph.columns, kNotInHeap),
      from_edge_(graph.columns, -1) {
    for (std::int32_t c = 0; c < graph.columns; ++c)
        first_place_[c + 1] = first_place_[c] + graph.capacity[c];
    row_at_.assign(first_place_[graph.columns], kNobody);
    waiting_.reserve(graph.rows());
    heap_.reserve(graph.columns);
    touched_.reserve(graph.columns);
    scanned_.reserve(graph.columns);
}

void Assigner::solve(MatchWatch& watch) {
    reduce_rows(watch);
    for (std::int32_t row : waiting_) augment(row, watch);
}

double Assigner::row_price(std::int32_t row) const {
    std::int32_t column = column_of_[row];
    return column == kOutside ? graph_.outside[row] : cost_of_[row] - price_[column];
}

// Puts a row into a place of a column that nobody else has, or has any more.
void Assigner::seat(std::int32_t row, std::int64_t edge, std::int64_t place) {
    row_at_[place] = row;
    place_of_[row] = place;
    column_of_[row] = graph_.column[edge];
    cost_of_[row] = graph_.cost[edge];
}

// Augmenting row reduction: each row takes what is best for it and raises the price by what that
// is better than its second best; whoever had it looks again.
void Assigner::reduce_rows(MatchWatch& watch) {
    std::vector<std::int32_t> open(graph_.rows());
    for (std::int32_t row = 0; row < graph_.rows(); ++row) open[row] = row;
    std::int64_t steps = kStepsARow * graph_.rows();
    for (int pass = 0; pass < kPasses; ++pass) {
        std::size_t kept = 0;
        for (std::size_t next = 0; next < open.size();) {
            std::int32_t row = open[next++], evicted = kNobody;
            watch.tick(graph_.first[graph_.list[row] + 1] - graph_.first[graph_.list[row]] + 1);
            bool again = false;
            if (--steps < 0) evicted = row;
            else again = reduce_row(row, evicted);
            if (evicted == kNobody) continue;
            if (again) open[--next] = evicted;
            else open[kept++] = evicted;
        }
        open.resize(kept);
    }
    waiting_.swap(open);
}

// True if `evicted` should look again at once; kNobody if nobody lost a place.
bool Assigner::reduce_row(std::int32_t row, std::int32_t& evicted) {
    Best best = best_of(row);
    if (best.edge < 0) return false;  // stays outside, and knows it is best
    std::int32_t column = graph_.column[best.edge];
    bool gains = best.reduced < best.second_reduced;
    if (!is_full(column)) {
        seat(row, best.edge, first_place_[column] + taken_[column]++);
        // A place that is taken stays taken; only then may a price rise.
        if (gains && graph_.capacity[column] == 1) price_[column] -= best.second_reduced - best.reduced;
        return false;
    }
    evicted = row;
    if (!gains && best.second_edge >= 0) {
        column = graph_.column[best.second_edge];
        if (!is_full(column)) {
            seat(row, best.second_edge, first_place_[column] + taken_[column]++);
            evicted = kNobody;
            return false;
        }
    }
    // Where several rows share a column its price concerns them all: left to augmentation.
    if (!gains || graph_.capacity[column] != 1 || best.second_reduced == kFar) return false;
    std::int64_t place = first_place_[column];
    evicted = row_at_[place];
    column_of_[evicted] = kOutside;
    seat(row, best.edge, place);
    price_[column] -= best.second_reduced - best.reduced;
    return true;
}

Assigner::Best Assigner::best_of(std::int32_t row) const {
    Best best;
    best.reduced = graph_.outside[row];
    best.second_reduced = kFar;
    std::int32_t list = graph_.list[row];
    for (std::int64_t edge = graph_.first[list]; edge < graph_.first[list + 1]; ++edge) {
        std::int32_t column = graph_.column[edge];
        double reduced = graph_.cost[edge] - price_[column];
        if (reduced > best.second_reduced || graph_.capacity[column] == 0) continue;
        // At the same cost: rather served than outside, rather the lower number.
        bool wins = reduced < best.reduced ||
                    (reduced == best.reduced && (best.edge < 0 || column < graph_.column[best.edge]));
        if (wins) {
            best.second_edge = best.edge, best.second_reduced = best.reduced;
            best.edge = edge, best.reduced = reduced;
        } else if (reduced < best.second_reduced || best.second_edge < 0 ||
                   column < graph_.column[best.second_edge]) {
            best.second_edge = edge, best.second_reduced = reduced;
        }
    }
    return best;
}

// Seats one row more, along the cheapest path of evictions that ends at a free place or outside.
void Assigner::augment(std::int32_t start, MatchWatch& watch) {
    nearest_ = kFar;
    end_column_ = kOutside, end_row_ = start;
    relax(start, 0);
    while (!heap_.empty() && distance_[heap_[0]] < nearest_) {
        std::int32_t column = pop();
        scanned_.push_back(column);
        for (std::int64_t p = first_place_[column]; p < first_place_[column + 1]; ++p) {
            std::int32_t row = row_at_[p];
            watch.tick(graph_.first[graph_.list[row] + 1] - graph_.first[graph_.list[row]] + 1);
            relax(row, cost_of_[row] - price_[column] - distance_[column]);
        }
    }
    for (std::int32_t column : scanned_) price_[column] += distance_[column] - nearest_;
    follow_back(start);
    for (std::int32_t column : touched_) distance_[column] = kFar, heap_at_[column] = kNotInHeap;
    heap_.clear(), touched_.clear(), scanned_.clear();
}

// What can be reached from a row, whose dual less its distance is `potential`.
void Assigner::relax(std::int32_t row, double potential) {
    if (graph_.outside[row] - potential < nearest_) {
        nearest_ = graph_.outside[row] - potential;
        end_column_ = kOutside, end_row_ = row;
    }
    std::int32_t list = graph_.list[row];
    for (std::int64_t edge = graph_.first[list]; edge < graph_.first[list + 1]; ++edge) {
        std::int32_t column = graph_.column[edge];
        double distance = graph_.cost[edge] - price_[column] - potential;
        if (distance > nearest_ || distance >= distance_[column] || heap_at_[column] == kDone ||
            graph_.capacity[column] == 0)
            continue;
        bool is_full_now = is_full(column);
        // At the same distance: rather a free place than outside, rather the lower number.
        if (distance == nearest_ &&
            (is_full_now || (end_column_ != kOutside && end_column_ < column)))
            continue;
        if (distance_[column] == kFar) touched_.push_back(column);
        distance_[column] = distance;
        from_row_[column] = row;
        from_edge_[column] = edge;
        if (is_full_now) push_or_lift(column);
        else nearest_ = distance, end_column_ = column;
    }
}

// Everybody on the path moves one place on.
void Assigner::follow_back(std::int32_t start) {
    std::int64_t place = 0;
    std::int32_t column = end_column_;
    if (column == kOutside) {
        if (end_row_ == start) return;
        column = column_of_[end_row_];
        place = place_of_[end_row_];
        column_of_[end_row_] = kOutside;
    } else {
        place = first_place_[column] + taken_[column]++;
    }
    for (;;) {
        std::int32_t row = from_row_[column], left = column_of_[row];
        std::int64_t left_place = place_of_[row];
        seat(row, from_edge_[column], place);
        if (row == start) return;
        column = left, place = left_place;
    }
}

void Assigner::push_or_lift(std::int32_t column) {
    std::int32_t at = heap_at_[column];
    if (at == kNotInHeap) {
        at = static_cast<std::int32_t>(heap_.size());
        heap_.push_back(column);
    }
    while (at > 0) {
        std::int32_t parent = (at - 1) / 2;
        if (!is_nearer(column, heap_[parent])) break;
        heap_[at] = heap_[parent];
        heap_at_[heap_[at]] = at;
        at = parent;
    }
    heap_[at] = column;
    heap_at_[column] = at;
}

std::int32_t Assigner::pop() {
    std::int32_t top = heap_[0], last = heap_.back();
    heap_.pop_back();
    heap_at_[top] = kDone;
    std::int32_t size = static_cast<std::int32_t>(heap_.size());
    if (size == 0) return top;
    std::int32_t at = 0;
    for (;;) {
        std::int32_t child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && is_nearer(heap_[child + 1], heap_[child])) ++child;
        if (!is_nearer(heap_[child], last)) break;
        heap_[at] = heap_[child];
        heap_at_[heap_[at]] = at;
        at = child;
    }
    heap_[at] = last;
    heap_at_[last] = at;
    return top;
}

}  // namespace gancang
