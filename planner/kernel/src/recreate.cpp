#include "recreate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gancang {

namespace {

constexpr std::size_t kFoundMax = 1'000'000;  // remembered seats, some 40 MB

}  // namespace

Recreate::Recreate(const Problem& problem) : problem_(problem) {
    std::size_t jobs = std::max<std::size_t>(1, problem.jobs.size());
    slots_ = std::clamp<std::size_t>(kFoundMax / jobs, 1, std::max<std::size_t>(1, problem.vehicles.size()));
    found_.resize(jobs * slots_);
    measure();
}

void Recreate::measure() {
    std::size_t n = problem_.jobs.size();
    size_.resize(n), reach_.resize(n), width_.resize(n), begin_.resize(n), end_.resize(n), keys_.resize(n);
    bool one_start = !problem_.vehicles.empty();
    for (const Vehicle& vehicle : problem_.vehicles) one_start &= vehicle.start == problem_.vehicles[0].start;
    for (std::size_t job = 0; job < n; ++job) {
        const Job& wanted = problem_.jobs[job];
        const Call& first = problem_.calls[wanted.first_call];
        const Call& last = problem_.calls[wanted.first_call + wanted.calls() - 1];
        for (int k = 0; k < wanted.pickups; ++k)
            for (int d = 0; d < problem_.dims; ++d)
                size_[job] += static_cast<double>(problem_.load_of(wanted.first_call + k)[d]);
        for (int d = 0; d < problem_.dims; ++d)
            size_[job] += static_cast<double>(problem_.start_load_of(static_cast<int>(job))[d]);
        const Leg* table = problem_.travel[0].data();
        // From the depot, or, where vehicles start all over the place, the way of the job itself.
        int from = one_start ? problem_.vehicles[0].start : first.place;
        reach_[job] = problem_.leg(table, from, one_start ? first.place : last.place).seconds;
        width_[job] = static_cast<double>(first.closes - first.opens + last.closes - last.opens);
        begin_[job] = static_cast<double>(first.opens);
        end_[job] = static_cast<double>(last.closes);
    }
}

double Recreate::key(int job, Order order) const {
    switch (order) {
        case Order::Largest: return -size_[job];
        case Order::Farthest: return -reach_[job];
        case Order::Nearest: return reach_[job];
        case Order::Narrowest: return width_[job];
        case Order::Earliest: return begin_[job];
        case Order::Latest: return -end_[job];
        default: return 0;
    }
}

void Recreate::sort(std::vector<std::int32_t>& jobs, Random& random) {
    static constexpr int kWeights[] = {4, 4, 2, 1, 2, 2, 2};
    int drawn = random.below(17), order = 0;
    while (drawn >= kWeights[order]) drawn -= kWeights[order++];
    for (std::size_t at = jobs.size(); at > 1; --at)
        std::swap(jobs[at - 1], jobs[random.below(static_cast<int>(at))]);
    if (order == 0) return;
    for (std::int32_t job : jobs) keys_[job] = key(job, static_cast<Order>(order));
    std::ranges::stable_sort(jobs, [&](std::int32_t a, std::int32_t b) { return keys_[a] < keys_[b]; });
}

void Recreate::open(const Solution& solution, std::size_t vehicles_max) {
    if (solution.used().size() < vehicles_max)
        solution.list_open(open_);
    else
        open_ = solution.used();
}

Recreate::Found& Recreate::slot(int job, int vehicle) {
    return found_[static_cast<std::size_t>(job) * slots_ + static_cast<std::size_t>(vehicle) % slots_];
}

const Seats& Recreate::seats(Solution& solution, int job, int vehicle, double below) {
    const Route& route = solution.route(vehicle);
    Found& found = slot(job, vehicle);
    bool known = found.version == route.version && (found.below >= below || found.seats.second.found());
    if (!known) {
        found.version = route.version;
        found.below = below;
        found.seats = solution.inserter().seats(route, job, below);
    }
    return found.seats;
}

void Recreate::weigh(Solution& solution, const Seats& seats, int vehicle, Place& best, bool blinks) const {
    const Seat& seat = blinks ? seats.second : seats.best;
    if (!seat.found()) return;
    double added = seat.added + solution.share_added(vehicle);
    if (added < best.added) best = {vehicle, seat, added};
}

Recreate::Place Recreate::cheapest(Solution& solution, int job, Random& random, double blink_chance) {
    Place best;
    unknown_.clear();
    // First what is known already, so that the rest need only be searched for something cheaper.
    for (std::int32_t vehicle : open_) {
        if (!problem_.is_eligible(job, vehicle)) continue;
        const Found& found = slot(job, vehicle);
        bool blinks = blink_chance > 0 && random.chance(blink_chance);
        if (found.version != solution.route(vehicle).version)
            unknown_.push_back(blinks ? ~vehicle : vehicle);
        else if (found.seats.best.found() || found.below >= best.added)
            weigh(solution, found.seats, vehicle, best, blinks);
        else
            unknown_.push_back(blinks ? ~vehicle : vehicle);
    }
    for (std::int32_t marked : unknown_) {
        bool blinks = marked < 0;
        int vehicle = blinks ? ~marked : marked;
        double below = problem_.shares.empty() ? best.added : kTooDear;
        weigh(solution, seats(solution, job, vehicle, below), vehicle, best, blinks);
    }
    return best;
}

bool Recreate::run(Solution& solution, Random& random, const RecreateSettings& settings) {
    waiting_ = solution.absent();
    sort(waiting_, random);
    open(solution, settings.vehicles_max);
    for (std::int32_t job : waiting_) {
        if (settings.is_over && (*settings.is_over)()) break;
        Place place = cheapest(solution, job, random, settings.blink_chance);
        if (place.vehicle == kNone) continue;
        bool was_unused = solution.route(place.vehicle).empty();
        if (!solution.insert(job, place.vehicle, place.seat)) return false;
        if (was_unused) open(solution, settings.vehicles_max);
    }
    return true;
}

}  // namespace gancang
