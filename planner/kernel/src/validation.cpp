#include "validation.hpp"

#include <stdexcept>
#include <string>

namespace gancang {

namespace {

void demand(bool holds, const char* rule) {
    if (!holds) throw std::invalid_argument(rule);
}

bool is_amount(std::int64_t value) { return value >= 0 && value <= kLargest; }
bool is_limit(std::int64_t value) { return value == kNever || is_amount(value); }
bool is_index(std::int64_t value, std::size_t size) {
    return value >= 0 && static_cast<std::uint64_t>(value) < size;
}
bool is_range(std::int64_t first, std::int64_t many, std::size_t size) {
    return first >= 0 && many >= 0 && static_cast<std::uint64_t>(first) + static_cast<std::uint64_t>(many) <= size;
}

void validate_windows(const Problem& problem, std::int64_t first, std::int64_t many) {
    demand(is_range(first, many, problem.windows.size()), "windows out of range");
    Time closed = kNone;
    for (std::int64_t at = first; at < first + many; ++at) {
        const Window& window = problem.windows[static_cast<std::size_t>(at)];
        demand(is_amount(window.opens) && is_amount(window.closes) && window.opens <= window.closes, "a window is upside down");
        demand(window.opens > closed, "windows must follow one another");
        closed = window.closes;
    }
}

void validate_jobs(const Problem& problem) {
    std::int64_t next = 0;
    std::size_t vehicles = problem.vehicles.size();
    for (std::size_t number = 0; number < problem.jobs.size(); ++number) {
        const Job& job = problem.jobs[number];
        demand(job.first_call == next && job.pickups >= 0 && job.deliveries >= 0, "calls must stand job after job");
        std::int64_t calls = std::int64_t{job.pickups} + job.deliveries;
        demand(calls > 0 && is_range(next, calls, problem.calls.size()), "a job has no calls, or calls that are not there");
        for (std::int64_t k = 0; k < calls; ++k) {
            const Call& call = problem.calls[static_cast<std::size_t>(next + k)];
            demand(call.job == static_cast<std::int64_t>(number), "a call belongs to another job");
            demand(call.delivery == (k >= job.pickups), "pickups must stand before deliveries");
        }
        next += calls;
        demand(job.holder == kNone || is_index(job.holder, vehicles), "a holder out of range");
        demand(job.running == kNone || is_index(job.running, vehicles), "a running vehicle out of range");
        demand(job.since == kNone || is_amount(job.since), "a time out of range");
        demand(is_amount(job.priority) && is_limit(job.max_onboard), "a number of a job out of range");
        demand(job.max_detour_percent == kNone || (job.pickups == 1 && job.deliveries == 1 && job.max_detour_percent >= 0),
               "a detour needs one pickup and one delivery");
    }
    demand(next == static_cast<std::int64_t>(problem.calls.size()), "calls without a job");
}

void validate_calls(const Problem& problem) {
    for (const Call& call : problem.calls) {
        demand(is_index(call.place, static_cast<std::size_t>(problem.places)), "a place out of range");
        demand(is_amount(call.service) && is_amount(call.setup) && is_limit(call.due), "a time of a call out of range");
        validate_windows(problem, call.first_window, call.windows);
    }
}

void validate_vehicles(const Problem& problem) {
    std::size_t places = static_cast<std::size_t>(problem.places);
    for (const Vehicle& vehicle : problem.vehicles) {
        demand(is_index(vehicle.start, places) && is_index(vehicle.end, places + 1), "a place out of range");
        demand(is_index(vehicle.travel, problem.travel.size()), "a class of travel out of range");
        demand(vehicle.fleet == kNone || is_index(vehicle.fleet, problem.shares.size()), "a fleet out of range");
        for (std::int64_t amount : {vehicle.ready, vehicle.closes, vehicle.fixed_cost, vehicle.cost_per_km,
                                    vehicle.cost_per_hour, vehicle.worked})
            demand(is_amount(amount), "a number of a vehicle out of range");
        for (std::int64_t limit : {vehicle.max_jobs, vehicle.max_stops, vehicle.max_distance, vehicle.max_work})
            demand(is_limit(limit), "a limit of a vehicle out of range");
        for (const Break& rest : vehicle.breaks) {
            demand(is_amount(rest.duration), "a break out of range");
            validate_windows(problem, rest.first_window, rest.windows);
        }
    }
}

void validate_amounts(const Problem& problem) {
    for (std::int64_t load : problem.call_load) demand(load >= -kLargest && load <= kLargest, "a load out of range");
    for (std::int64_t load : problem.start_load) demand(is_amount(load), "a load out of range");
    for (std::int64_t load : problem.held_load) demand(is_amount(load), "a load out of range");
    for (std::int64_t room : problem.capacity) demand(is_amount(room), "a capacity out of range");
    demand(!problem.levels.empty(), "a policy needs a level");
    for (const Level& level : problem.levels)
        for (std::int64_t weight : level) demand(is_amount(weight), "a weight out of range");
    for (const Share& share : problem.shares)
        demand(share.least >= 0 && share.least <= share.most && share.most <= 100 && is_amount(share.already), "a share out of range");
    for (const auto& ways : problem.travel)
        for (const Leg& leg : ways) demand(leg.seconds >= 0 && leg.metres >= 0, "a way out of range");
}

}  // namespace

void validate(const Problem& problem) {
    demand(problem.jobs.size() <= 100'000 && problem.calls.size() <= 1'000'000 && problem.vehicles.size() <= 20'000, "too many jobs, calls or vehicles");
    demand(!problem.travel.empty(), "a problem needs ways");
    validate_calls(problem);
    validate_jobs(problem);
    validate_vehicles(problem);
    validate_amounts(problem);
}

void validate_sequences(const Problem& problem, const std::vector<std::vector<std::int32_t>>& calls) {
    demand(calls.size() == problem.vehicles.size(), "one sequence a vehicle");
    std::vector<std::int32_t> laid(problem.jobs.size(), 0);
    std::vector<std::uint8_t> seen(problem.calls.size(), 0);
    std::vector<std::int32_t> vehicle_of(problem.jobs.size(), kNone);
    for (std::size_t vehicle = 0; vehicle < calls.size(); ++vehicle)
        for (std::int32_t number : calls[vehicle]) {
            demand(is_index(number, problem.calls.size()), "a call out of range");
            demand(!seen[static_cast<std::size_t>(number)], "a call stands in the sequences twice");
            seen[static_cast<std::size_t>(number)] = 1;
            std::size_t job = static_cast<std::size_t>(problem.calls[static_cast<std::size_t>(number)].job);
            demand(laid[job] == 0 || vehicle_of[job] == static_cast<std::int32_t>(vehicle), "a job stands in two sequences");
            vehicle_of[job] = static_cast<std::int32_t>(vehicle);
            ++laid[job];
            const Job& of = problem.jobs[job];
            if (problem.calls[static_cast<std::size_t>(number)].delivery && !of.on_board())
                demand(laid[job] > of.pickups, "a delivery stands before its pickup");
        }
    for (std::size_t job = 0; job < problem.jobs.size(); ++job) {
        const Job& of = problem.jobs[job];
        if (laid[job] > 0) demand(laid[job] == (of.on_board() ? of.deliveries : of.calls()), "a job stands in its sequence in part");
    }
}

}  // namespace gancang
