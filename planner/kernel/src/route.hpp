// One vehicle's sequence of calls, with what the checks of an insertion need at hand.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "problem.hpp"
#include "schedule.hpp"

namespace gancang {

// A place of the route: its start, a call, or its end. `free`: the earliest departure; `latest`:
// the latest start that keeps the rest in time (forward time slack: Savelsbergh 1992). Both look
// at ways, windows and shift alone; where that is not all, they are bounds on the safe side.
struct Mark {
    Time free, opens, latest, service;
    Leg leg;  // the way from the mark before; none to the end of an empty route
    std::int32_t place;
};

struct Route {
    int vehicle = 0;
    int jobs = 0;
    bool exact = true;  // marks tell all: no breaks, times on board, setups, several windows
    std::uint64_t version = 0;  // no two states of routes share one
    std::vector<std::int32_t> calls;
    std::vector<Mark> marks;                              // calls + 2
    std::vector<std::int64_t> loads;                      // (calls + 1) x dims, after each mark
    std::vector<std::int64_t> peak_before, peak_after;    // the most load up to, and from, each mark
    Schedule schedule;
    double score = 0;

    bool empty() const { return calls.empty(); }
    int size() const { return static_cast<int>(calls.size()); }
    Time idle() const {
        return schedule.ends - schedule.departs - schedule.driven - schedule.served;
    }
};

// Weighs parts for the loops: levels become factors so far apart that the order stays strict.
class Weights {
  public:
    explicit Weights(const Problem& problem) : problem_(problem) {}

    // Sets the factors so that no level outweighs the one above it in plans of about this cost.
    void scale_to(const Parts& typical);

    double score(const Parts& parts) const {
        double sum = 0;
        for (int p = 0; p < kParts; ++p) sum += of_[p] * static_cast<double>(parts.of[p]);
        return sum;
    }
    double of(Part part) const { return of_[part]; }
    void set(Part part, double factor) { of_[part] = factor; }

    // Whether `a` is better than `b` level by level, exactly.
    bool is_better(const Parts& a, const Parts& b) const;

  private:
    const Problem& problem_;
    double of_[kParts] = {};
};

// Settles routes after a change.
class RouteKeeper {
  public:
    RouteKeeper(const Problem& problem, const Weights& weights)
        : problem_(problem), weights_(weights), timer_(problem) {}

    // Everything that follows from `route.calls`. False: the sequence breaks a limit, and the
    // route is not to be used.
    bool settle(Route& route);

    // Whether the vehicle has room for the loads of these calls all the way.
    bool carries(int vehicle, std::span<const std::int32_t> calls);

    Timer& timer() { return timer_; }

  private:
    bool settle_plain(Route& route) const;
    bool settle_any(Route& route);
    bool drive_plain(Route& route) const;
    void mark(Route& route) const;
    void mark_latest(Route& route) const;
    bool load(int vehicle, std::span<const std::int32_t> calls, std::vector<std::int64_t>& loads) const;
    void peak(Route& route) const;

    const Problem& problem_;
    const Weights& weights_;
    Timer timer_;
    std::vector<std::int64_t> loads_;
    std::uint64_t versions_ = 0;
};

}  // namespace gancang
