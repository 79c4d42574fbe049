#include "match_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

namespace gancang {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr std::int64_t kStepsAQuery = 100;

double square_between(Point a, Point b) {
    double dx = a.x - b.x, dy = a.y - b.y;
    return dx * dx + dy * dy;
}

// The points near to each of some, in the order in which they were looked for.
struct Lists {
    explicit Lists(std::size_t count) : first(count, 0), size(count, 0) {}

    void add(std::int32_t number, const std::vector<Near>& found) {
        first[number] = near.size();
        size[number] = found.size();
        near.insert(near.end(), found.begin(), found.end());
    }
    std::span<const Near> of(std::int32_t number) const { return {near.data() + first[number], size[number]}; }

    std::vector<std::size_t> first, size;
    std::vector<Near> near;
};

// The nearest of the few riders that a job may have.
void nearest_named(const MatchPlaces& places, const MatchRules& rules, std::int32_t job, int most,
                   std::vector<Near>& found) {
    found.clear();
    for (std::int64_t i = rules.first[job]; i < rules.first[job + 1]; ++i)
        found.push_back({square_between(places.riders[rules.rider[i]], places.jobs[job]), rules.rider[i]});
    if (found.size() <= static_cast<std::size_t>(most)) return;
    std::nth_element(found.begin(), found.begin() + most - 1, found.end());
    found.resize(most);
}

Lists nearest_riders(const MatchPlaces& places, const MatchRules& rules, int most, MatchWatch& watch) {
    auto jobs = static_cast<std::int32_t>(places.jobs.size());
    Grid grid(places.riders.data(), static_cast<std::int32_t>(places.riders.size()));
    Lists lists(jobs);
    lists.near.reserve(static_cast<std::size_t>(jobs) * std::min<std::size_t>(most, places.riders.size()));
    std::vector<Near> found;
    Grid::Finger finger = grid.finger();
    for (std::int32_t job : Grid::order_of(places.jobs.data(), jobs)) {
        auto is_open = [&](std::int32_t rider, double) {
            watch.tick();
            return rules.allows(job, rider);
        };
        watch.tick(kStepsAQuery);
        if (rules.names_who_may(job)) nearest_named(places, rules, job, most, found);
        else grid.nearest(places.jobs[job], most, kFar, is_open, finger, found);
        lists.add(job, found);
    }
    return lists;
}

// For riders whom fewer than `most` jobs know.
Lists nearest_jobs(const MatchPlaces& places, const MatchRules& rules, const std::vector<std::int32_t>& known_by,
                   int most, MatchWatch& watch) {
    Lists lists(places.riders.size());
    std::vector<std::int32_t> looking;
    std::vector<Point> at;
    for (std::size_t rider = 0; rider < known_by.size(); ++rider)
        if (known_by[rider] < most)
            looking.push_back(static_cast<std::int32_t>(rider)), at.push_back(places.riders[rider]);
    if (looking.empty()) return lists;
    Grid grid(places.jobs.data(), static_cast<std::int32_t>(places.jobs.size()));
    std::vector<Near> found;
    Grid::Finger finger = grid.finger();
    for (std::int32_t number : Grid::order_of(at.data(), static_cast<std::int32_t>(at.size()))) {
        std::int32_t rider = looking[number];
        auto is_open = [&](std::int32_t job, double) {
            watch.tick();
            return rules.allows(job, rider);
        };
        watch.tick(kStepsAQuery);
        grid.nearest(places.riders[rider], most, kFar, is_open, finger, found);
        lists.add(rider, found);
    }
    return lists;
}

}  // namespace

bool MatchRules::allows(std::int32_t job, std::int32_t number) const {
    if (first.empty()) return true;
    auto from = rider.begin() + first[job], to = rider.begin() + first[job + 1];
    return std::binary_search(from, to, number) == (only[job] != 0);
}

MatchGraph candidates(const MatchPlaces& places, const MatchRules& rules, int most, MatchWatch& watch) {
    auto jobs = static_cast<std::int32_t>(places.jobs.size());
    auto riders = static_cast<std::int32_t>(places.riders.size());
    Lists of_jobs = nearest_riders(places, rules, most, watch);
    std::vector<std::int32_t> known_by(riders, jobs <= riders ? most : 0);
    for (const Near& near : of_jobs.near) ++known_by[near.number];
    Lists of_riders = nearest_jobs(places, rules, known_by, most, watch);
    // A job's list ends with its last; who comes before that is in it already.
    std::vector<Near> last(jobs, Near{kFar, std::numeric_limits<std::int32_t>::max()});
    MatchGraph graph;
    graph.first.assign(jobs + 1, 0);
    graph.known_m.assign(jobs, kFar);
    for (std::int32_t job = 0; job < jobs; ++job) {
        auto near = of_jobs.of(job);
        graph.first[job + 1] = static_cast<std::int64_t>(near.size());
        if (near.size() < static_cast<std::size_t>(most)) continue;
        last[job] = *std::max_element(near.begin(), near.end());
        graph.known_m[job] = std::sqrt(last[job].square);
    }
    auto is_new = [&](std::int32_t rider, const Near& job) {
        return last[job.number] < Near{job.square, rider};
    };
    for (std::int32_t rider = 0; rider < riders; ++rider)
        for (const Near& job : of_riders.of(rider)) graph.first[job.number + 1] += is_new(rider, job);
    std::partial_sum(graph.first.begin(), graph.first.end(), graph.first.begin());
    graph.rider.resize(graph.first[jobs]);
    graph.metres.resize(graph.first[jobs]);
    std::vector<std::int64_t> next(graph.first.begin(), graph.first.end() - 1);
    auto add = [&](std::int32_t job, std::int32_t rider, double square) {
        graph.rider[next[job]] = rider;
        graph.metres[next[job]++] = std::sqrt(square);
    };
    for (std::int32_t job = 0; job < jobs; ++job)
        for (const Near& rider : of_jobs.of(job)) add(job, rider.number, rider.square);
    for (std::int32_t rider = 0; rider < riders; ++rider)
        for (const Near& job : of_riders.of(rider))
            if (is_new(rider, job)) add(job.number, rider, job.square);
    return graph;
}

MatchMore beyond(const MatchPlaces& places, const MatchRules& rules, const MatchGraph& graph,
                 const MatchReach& reach, int most, MatchWatch& watch) {
    auto jobs = static_cast<std::int32_t>(places.jobs.size());
    MatchMore more;
    if (places.riders.empty()) return more;
    double least = *std::min_element(reach.rider_m.begin(), reach.rider_m.end());
    // Whose list may lack somebody.
    std::vector<std::int32_t> open;
    std::vector<Point> at;
    for (std::int32_t job = 0; job < jobs; ++job)
        if (reach.job_m[job] - least > graph.known_m[job]) open.push_back(job), at.push_back(places.jobs[job]);
    if (open.empty()) return more;
    Grid grid(places.riders.data(), static_cast<std::int32_t>(places.riders.size()));
    std::vector<Near> found;
    Grid::Finger finger = grid.finger();
    for (std::int32_t number : Grid::order_of(at.data(), static_cast<std::int32_t>(at.size()))) {
        std::int32_t job = open[number];
        double most_m = reach.job_m[job] - least;
        auto listed = graph.rider.begin() + graph.first[job], end = graph.rider.begin() + graph.first[job + 1];
        auto is_open = [&](std::int32_t rider, double square) {
            watch.tick();
            double nearer_m = reach.job_m[job] - reach.rider_m[rider];
            return nearer_m > 0 && square < nearer_m * nearer_m && rules.allows(job, rider) &&
                   std::find(listed, end, rider) == end;
        };
        watch.tick(kStepsAQuery);
        grid.nearest(places.jobs[job], most, most_m * most_m, is_open, finger, found);
        for (const Near& near : found) {
            more.job.push_back(job);
            more.rider.push_back(near.number);
            more.metres.push_back(std::sqrt(near.square));
        }
    }
    return more;
}

}  // namespace gancang
