// The search for a better plan: build, use fewer vehicles where that comes first, then ruin and
// recreate under simulated annealing.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "memory.hpp"
#include "problem.hpp"
#include "random.hpp"
#include "recreate.hpp"
#include "route.hpp"
#include "ruin.hpp"
#include "solution.hpp"

namespace gancang {

using Sequences = std::vector<std::vector<std::int32_t>>;  // the calls of each vehicle

// When to stop: at the first of these that is reached. Below 0: no such limit.
struct Stopping {
    std::int64_t iterations = kNone;
    std::int64_t planned = kNone;  // iterations that the cooling is laid out for
    std::int64_t no_gain = kNone;
    double seconds = kNone;
    double ask_every_s = 0.01;  // the watch; 0: before each iteration
};

struct Settings {
    RuinSettings ruin;
    double blink_chance = 0.01;
    double hot = 1.5, cold = 0.02;   // temperatures at the ends, in mean costs of a leg
    double vehicle = 10, left_out = 30;  // what they weigh in annealing, in mean costs of a leg
    double first_share = 0.15;           // of the run, to anneal before vehicles are taken away
    double fleet_share = 0.4;            // of the rest, at most, to use fewer vehicles
    std::size_t remembered = 0;          // routes kept for a set partitioning
};

struct Watch {
    // Asked now and then; true ends the search. `better` tells of a better plan since.
    std::function<bool(std::int64_t iterations, const Parts& best, bool better)> asks;
    // Called while the first plan is built: throws to end it.
    std::function<void()> breathes;
};

class Search {
  public:
    Search(const Problem& problem, std::uint64_t seed, const Settings& settings);

    // Starts from these calls a vehicle; false if they break a limit.
    bool start(const Sequences& calls);

    void run(const Stopping& stopping, const Watch& watch);

    // Takes these calls a vehicle for its best plan if they are better; false if they break a limit.
    bool take(const Sequences& calls);

    const Sequences& best() const { return best_calls_; }
    const Parts& best_parts() const { return best_parts_; }
    std::int64_t iterations() const { return iterations_; }
    const std::vector<SeenRoute>& seen() const { return memory_.seen(); }

  private:
    using Clock = std::chrono::steady_clock;

    bool is_over();
    bool is_past_deadline(Clock::time_point now);
    bool is_over_while_filling();
    double elapsed() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }
    double done() const;  // the part of the run that is behind, 0 to 1
    void keep_if_better();
    void keep();
    void fill();
    bool step(std::size_t vehicles_max);
    void anneal(double until, std::size_t vehicles_max);
    double mean_leg() const;
    void use_fewer_vehicles();
    bool empty_one_vehicle(double until);
    bool place_missing(double until);
    void remember();
    std::vector<std::int32_t> easiest_route() const;
    std::int64_t absences() const;
    bool fleet_comes_first() const;
    void restart_from_best();

    const Problem& problem_;
    Settings settings_;
    Random random_;
    Weights weights_;
    Solution now_;
    Ruin ruin_;
    Recreate recreate_;
    Memory memory_;
    Sequences best_calls_;
    std::vector<std::uint64_t> best_versions_;
    Parts best_parts_;
    bool has_best_ = false, better_ = false, over_ = false;
    std::int64_t iterations_ = 0, last_gain_ = 0;
    std::vector<std::int64_t> missed_;  // how often each job was left out (absence counters)
    Stopping stopping_;
    const Watch* watch_ = nullptr;
    Clock::time_point began_, asked_;
};

}  // namespace gancang
