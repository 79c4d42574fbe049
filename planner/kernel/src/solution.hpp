// A plan in the making: a route a vehicle, the jobs left out, and the way back to the last state.
#pragma once

#include <cstdint>
#include <vector>

#include "insertion.hpp"
#include "route.hpp"

namespace gancang {

class Solution {
  public:
    Solution(const Problem& problem, const Weights& weights);

    // The first state: these calls a vehicle. False if a route can't be driven so.
    bool start(const std::vector<std::vector<std::int32_t>>& calls);

    const Route& route(int vehicle) const { return routes_[vehicle]; }
    int vehicle_of(int job) const { return vehicle_of_[job]; }
    const std::vector<std::int32_t>& absent() const { return absent_; }
    const std::vector<std::int32_t>& used() const { return used_; }  // vehicles with calls
    const Parts& parts() const { return parts_; }
    double score() const { return weights_.score(parts_); }
    // The same after the factors of the weights have changed.
    void weigh_again();

    // Changes since `begin` are taken back by `undo`.
    void begin();
    void undo();

    // The vehicles whose routes changed since `begin`.
    template <typename Visit>
    void each_changed(Visit visit) const {
        for (std::size_t s = 0; s < saves_; ++s) visit(routes_[saved_[s].vehicle]);
    }

    // Takes jobs out of their routes. False if a route can't be driven without them, which happens
    // where ways are not shortest: then only `undo` is left.
    bool remove(const std::vector<std::int32_t>& jobs);
    // Seats an absent job; false as above.
    bool insert(int job, int vehicle, const Seat& seat);

    // What the seat of a job costs beside what it adds to its route: shares of fleets.
    double share_added(int vehicle) const;

    // Vehicles that a job can be offered to: those used, and one of each type that are not.
    void list_open(std::vector<std::int32_t>& vehicles) const;

    Inserter& inserter() { return inserter_; }

  private:
    void touch(int vehicle);
    bool replace(int vehicle, bool was_used);
    void count_shares();
    std::int64_t off_share() const;
    void set_absent(int job);
    void set_present(int job, int vehicle);
    std::int64_t running_lost(int job) const { return problem_.jobs[job].running != kNone; }

    const Problem& problem_;
    const Weights& weights_;
    RouteKeeper keeper_;
    Inserter inserter_;
    std::vector<Route> routes_;
    std::vector<std::int32_t> vehicle_of_, absent_, absent_at_, used_, used_at_;
    std::vector<std::vector<std::int32_t>> of_type_;
    std::vector<std::int64_t> fleet_jobs_;
    std::int64_t served_ = 0;
    Parts parts_;
    std::vector<std::int32_t> calls_, touched_;
    // The way back.
    std::vector<Route> saved_;
    std::vector<std::uint8_t> is_saved_;
    std::size_t saves_ = 0;
    std::vector<std::int32_t> saved_absent_;
    std::vector<std::int64_t> saved_fleet_jobs_;
    std::int64_t saved_served_ = 0;
    Parts saved_parts_;
};

}  // namespace gancang
