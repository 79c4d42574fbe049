// The cheapest seats of a job in a route.
//
// Every position is checked in constant time by the marks of the route; where these do not tell
// all, or where the cost depends on times, the candidates are timed in full, the one with the
// least bound first, until no bound can beat what was found.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "route.hpp"

namespace gancang {

inline constexpr double kTooDear = std::numeric_limits<double>::infinity();

// Where a job would go: its pickup before call `i` of the route, its delivery before call `j`.
// A single call goes before call `i`. A job of many calls is laid out again when it is seated.
struct Seat {
    double added = kTooDear;
    std::int32_t i = kNone, j = kNone;

    bool found() const { return added != kTooDear; }
};

struct Seats {
    Seat best, second;

    void offer(const Seat& seat) {
        if (seat.added < best.added) {
            second = best;
            best = seat;
        } else if (seat.added < second.added) {
            second = seat;
        }
    }
};

class Inserter {
  public:
    Inserter(const Problem& problem, const Weights& weights, RouteKeeper& keeper)
        : problem_(problem), weights_(weights), keeper_(keeper) {}

    // The two cheapest seats of the job in the route, by what they add to the route's score; of
    // those that add less than `below`.
    Seats seats(const Route& route, int job, double below);

    // The calls of the route with the job in its seat.
    void lay(const Route& route, int job, const Seat& seat, std::vector<std::int32_t>& calls);

  private:
    struct Candidate {
        double bound;
        std::int32_t i, j;
    };
    // What a detour of a job adds at least, beside the metres.
    struct Earliest {
        Time pickup, delivery;
    };

    // The ways to and from the pickup and the delivery of a pair.
    struct Ways {
        const Leg *from_pickup, *to_pickup, *from_delivery, *to_delivery;
    };

    void singles(const Route& route, const Job& job);
    void pairs(const Route& route, const Job& job);
    void deliveries(const Route& route, const Job& job, int i, Time picked, const Ways& ways,
                    bool adjacent_only);
    std::int64_t least_detour(const Route& route, const Ways& ways) const;
    bool is_too_dear(std::int64_t metres) const;
    void many(const Route& route, const Job& job);
    void spread(const Route& route, const Job& job, int at, Time free, int place);
    void consider(const Candidate& candidate);
    double bound(const Route& route, const Job& job, std::int64_t metres, std::int64_t seconds,
                 const Earliest& earliest) const;
    double timed_added(const Route& route, std::span<const std::int32_t> calls);
    void decide(const Route& route, const Job& job);
    bool fits(const std::int64_t* load, const Job& job, const std::int64_t* capacity) const;
    void with_seat(const Route& route, const Job& job, int i, int j,
                   std::vector<std::int32_t>& calls) const;
    double fixed_part(const Route& route, const Job& job) const;

    const Problem& problem_;
    const Weights& weights_;
    RouteKeeper& keeper_;
    // The insertion at work.
    bool exact_ = true;
    bool prunes_ = false;
    double fixed_ = 0;  // what the job adds wherever it goes in this route
    double below_ = kTooDear;
    const Leg* table_ = nullptr;
    const std::int64_t* capacity_ = nullptr;
    Seats seats_;
    std::vector<Candidate> candidates_;
    std::vector<std::int32_t> scratch_, spread_calls_, best_spread_;
    std::vector<std::int32_t> waiting_;  // calls of the job that are not laid yet
    int laid_ = 0;
    std::int64_t spread_tries_ = 0;
};

}  // namespace gancang
