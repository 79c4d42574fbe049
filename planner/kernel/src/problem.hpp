// The problem as the search sees it: numbers only, laid out for the inner loops.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace gancang {

using Time = std::int64_t;

inline constexpr Time kNever = std::numeric_limits<Time>::max() / 4;
// No time, load or weight may be larger, so that no sum of them leaves 64 bits.
inline constexpr std::int64_t kLargest = std::int64_t{1} << 42;
inline constexpr std::int32_t kNoRoad = std::numeric_limits<std::int32_t>::max();
inline constexpr int kNone = -1;

struct Window {
    Time opens, closes;
};

// Travel between two places, side by side since both are wanted at once.
struct Leg {
    std::int32_t seconds, metres;
};

// One stop of one job. A call is a pickup or a delivery; a job's pickups are numbered first.
struct Call {
    Time opens, closes;  // the hull of its windows
    Time service;        // without the setup
    Time setup;          // spent too, unless the call before is at the same place
    Time due;            // pickup: the release; delivery: the promise (kNever: none)
    std::int32_t place;
    std::int32_t job;
    std::int32_t first_window, windows;  // a range of Problem::windows
    bool delivery;
    bool plain;  // one window, no setup, no limit of time on board: looked at by a short cut
};

enum class Shape : std::uint8_t { Pair, Single, Many };

struct Job {
    std::int32_t first_call, pickups, deliveries;
    std::int32_t holder;   // the vehicle that it stays with, or kNone
    std::int32_t running;  // the vehicle that has it in the running plan, or kNone
    std::int64_t priority;
    Time max_onboard;  // kNever: no limit
    std::int32_t max_detour_percent;  // kNone: no limit
    Time since;        // when it left its pickup, if it is on board; else kNone
    Shape shape;

    int calls() const { return pickups + deliveries; }
    bool on_board() const { return since != kNone; }
    bool is_timed() const { return max_onboard != kNever || max_detour_percent != kNone; }
};

struct Break {
    Time duration;
    std::int32_t first_window, windows;
};

struct Vehicle {
    std::int32_t start, end;  // places; an open route ends nowhere, a place to which every way is free
    std::int32_t travel;      // its class of travel
    std::int32_t type;        // vehicles of one type are alike in everything
    std::int32_t fleet;       // its share, or kNone
    Time ready, closes;
    std::int64_t max_jobs, max_stops, max_distance, max_work;  // kNever: no limit
    std::int64_t fixed_cost, cost_per_km, cost_per_hour, worked;
    std::vector<Break> breaks;
    bool holds;      // jobs that stay with it
    bool plain;      // no breaks, no limit of work
    bool is_closed;  // what it holds breaks a limit: it gets nothing new
};

// The fleet's share of all jobs served should lie between `least` and `most` percent.
struct Share {
    std::int64_t least, most, already;
};

// The parts of a cost, in the order of gancang_planner.Term.
enum Part : int {
    kUnserved, kVehicles, kLateness, kWait, kDistance, kDuration, kMoney, kImbalance, kOffShare,
    kChanges, kParts
};

struct Parts {
    std::int64_t of[kParts] = {};

    Parts& operator+=(const Parts& other) {
        for (int p = 0; p < kParts; ++p) of[p] += other.of[p];
        return *this;
    }
    Parts& operator-=(const Parts& other) {
        for (int p = 0; p < kParts; ++p) of[p] -= other.of[p];
        return *this;
    }
};

// Weights of the parts, one row a level, the first level first.
using Level = std::vector<std::int64_t>;

class Problem {
  public:
    int places = 0, dims = 0;
    std::vector<Call> calls;
    std::vector<Job> jobs;
    std::vector<Vehicle> vehicles;
    std::vector<Window> windows;
    std::vector<std::int64_t> call_load;        // calls x dims: taken on, or put off (negative)
    std::vector<std::int64_t> start_load;       // jobs x dims: on board from the start of its route
    std::vector<std::int64_t> capacity;         // vehicles x dims
    std::vector<std::int64_t> held_load;        // vehicles x dims: on board when the plan begins
    std::vector<std::uint8_t> eligible;         // jobs x vehicles: may it carry it at all
    std::vector<std::vector<Leg>> travel;       // a class: (places + 1) squared, the last is nowhere
    std::vector<std::vector<Leg>> travel_to;    // the same by target; empty where ways are symmetric
    std::vector<Level> levels;
    std::vector<Share> shares;

    // Settles what follows from the rest. Call once, after all is filled in.
    void finish();

    const Leg* legs(int vehicle) const { return travel[vehicles[vehicle].travel].data(); }
    const Leg& leg(const Leg* table, int from, int to) const {
        return table[static_cast<std::size_t>(from) * stride() + to];
    }
    // The ways from a place to all, and to a place from all: each a row of (places + 1).
    const Leg* from(int vehicle, int place) const {
        return travel[vehicles[vehicle].travel].data() + static_cast<std::size_t>(place) * stride();
    }
    const Leg* to(int vehicle, int place) const {
        int of = vehicles[vehicle].travel;
        const auto& table = travel_to[of].empty() ? travel[of] : travel_to[of];
        return table.data() + static_cast<std::size_t>(place) * stride();
    }
    std::size_t stride() const { return static_cast<std::size_t>(places) + 1; }
    int nowhere() const { return places; }

    std::span<const Window> windows_of(const Call& call) const {
        return {windows.data() + call.first_window, static_cast<std::size_t>(call.windows)};
    }
    const std::int64_t* load_of(int call) const { return call_load.data() + call * dims; }
    const std::int64_t* start_load_of(int job) const { return start_load.data() + job * dims; }
    const std::int64_t* capacity_of(int vehicle) const { return capacity.data() + vehicle * dims; }
    const std::int64_t* held_load_of(int vehicle) const { return held_load.data() + vehicle * dims; }
    bool is_eligible(int job, int vehicle) const {
        return eligible[static_cast<std::size_t>(job) * vehicles.size() + vehicle] != 0;
    }
    // The most time on board that the job allows in this vehicle.
    Time max_onboard(const Job& job, const Vehicle& vehicle) const;

    bool weighs(Part part) const { return weighs_[part]; }
    // Whether the cost of a route depends on more than which calls it has and how far it drives.
    bool weighs_time() const { return weighs_time_; }
    bool has_setup() const { return has_setup_; }
    bool has_singles() const { return has_singles_; }  // jobs of one call
    bool has_running() const { return has_running_; }  // jobs of a running plan
    bool is_metric() const { return is_metric_; }  // detours never shorten a way (as far as was looked at)

  private:
    void settle_travel();
    void settle_calls();
    void settle_types();
    void settle_policy();
    void settle_metric();

    bool weighs_[kParts] = {};
    bool weighs_time_ = false, has_setup_ = false, has_singles_ = false, has_running_ = false;
    bool is_metric_ = true;
};

// The earliest time from `arrival` on at which a window is open; kNever: all are closed.
inline Time next_start(std::span<const Window> windows, Time arrival) {
    for (const Window& window : windows)
        if (arrival <= window.closes) return arrival > window.opens ? arrival : window.opens;
    return kNever;
}

// The latest time up to `deadline` at which a window is open; kNone: none was open yet.
inline Time last_start(std::span<const Window> windows, Time deadline) {
    for (auto window = windows.rbegin(); window != windows.rend(); ++window)
        if (window->opens <= deadline) return deadline < window->closes ? deadline : window->closes;
    return kNone;
}

}  // namespace gancang
