#include "match_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gancang {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr std::int64_t kStepsAQuery = 100;

double square_between(Point a, Point b) {
    double dx = a.x - b.x, dy = a.y - b.y;
    return dx * dx + dy * dy;
}

// Lists of at most `most`, one for each place.
struct Lists {
    Lists(std::size_t count, int room) : size(count, 0), near(count * room), most(room) {}

    void set(std::int32_t number, const std::vector<Near>& found) {
        size[number] = static_cast<std::int32_t>(found.size());
        std::copy(found.begin(), found.end(), of(number));
    }
    Near* of(std::int32_t number) { return near.data() + static_cast<std::int64_t>(number) * most; }

    std::vector<std::int32_t> size;
    std::vector<Near> near;
    int most;
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
    Lists lists(jobs, most);
    std::vector<Near> found;
    double radius = 0;
    for (std::int32_t job : Grid::order_of(places.jobs.data(), jobs)) {
        auto is_open = [&](std::int32_t rider, double) {
            watch.tick();
            return rules.allows(job, rider);
        };
        watch.tick(kStepsAQuery);
        if (rules.names_who_may(job)) nearest_named(places, rules, job, most, found);
        else grid.nearest(places.jobs[job], most, kFar, is_open, radius, found);
        lists.set(job, found);
    }
    return lists;
}

// For riders whom fewer than `most` jobs know.
Lists nearest_jobs(const MatchPlaces& places, const MatchRules& rules, const std::vector<std::int32_t>& known_by,
                   int most, MatchWatch& watch) {
    auto riders = static_cast<std::int32_t>(places.riders.size());
    Grid grid(places.jobs.data(), static_cast<std::int32_t>(places.jobs.size()));
    Lists lists(riders, most);
    std::vector<Near> found;
    double radius = 0;
    for (std::int32_t rider : Grid::order_of(places.riders.data(), riders)) {
        if (known_by[rider] >= most) continue;
        auto is_open = [&](std::int32_t job, double) {
            watch.tick();
            return rules.allows(job, rider);
        };
        watch.tick(kStepsAQuery);
        grid.nearest(places.riders[rider], most, kFar, is_open, radius, found);
        lists.set(rider, found);
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
    std::vector<std::int32_t> known_by(riders, 0);
    for (std::int32_t job = 0; job < jobs; ++job)
        for (std::int32_t i = 0; i < of_jobs.size[job]; ++i) ++known_by[of_jobs.of(job)[i].number];
    if (jobs <= riders) std::fill(known_by.begin(), known_by.end(), most);
    Lists of_riders = nearest_jobs(places, rules, known_by, most, watch);
    // A job's list ends with its last; who comes before that is in it already.
    std::vector<Near> last(jobs, Near{kFar, std::numeric_limits<std::int32_t>::max()});
    MatchGraph graph;
    graph.first.assign(jobs + 1, 0);
    graph.known_m.assign(jobs, kFar);
    for (std::int32_t job = 0; job < jobs; ++job) {
        graph.first[job + 1] = of_jobs.size[job];
        if (of_jobs.size[job] < most) continue;
        last[job] = *std::max_element(of_jobs.of(job), of_jobs.of(job) + most);
        graph.known_m[job] = std::sqrt(last[job].square);
    }
    auto is_new = [&](std::int32_t rider, const Near& job) {
        return last[job.number] < Near{job.square, rider};
    };
    for (std::int32_t rider = 0; rider < riders; ++rider)
        for (std::int32_t i = 0; i < of_riders.size[rider]; ++i)
            graph.first[of_riders.of(rider)[i].number + 1] += is_new(rider, of_riders.of(rider)[i]);
    for (std::int32_t job = 0; job < jobs; ++job) graph.first[job + 1] += graph.first[job];
    graph.rider.resize(graph.first[jobs]);
    graph.metres.resize(graph.first[jobs]);
    std::vector<std::int64_t> next(graph.first.begin(), graph.first.end() - 1);
    auto add = [&](std::int32_t job, std::int32_t rider, double square) {
        graph.rider[next[job]] = rider;
        graph.metres[next[job]++] = std::sqrt(square);
    };
    for (std::int32_t job = 0; job < jobs; ++job)
        for (std::int32_t i = 0; i < of_jobs.size[job]; ++i)
            add(job, of_jobs.of(job)[i].number, of_jobs.of(job)[i].square);
    for (std::int32_t rider = 0; rider < riders; ++rider)
        for (std::int32_t i = 0; i < of_riders.size[rider]; ++i)
            if (const Near& job = of_riders.of(rider)[i]; is_new(rider, job)) add(job.number, rider, job.square);
    return graph;
}

MatchMore beyond(const MatchPlaces& places, const MatchRules& rules, const MatchGraph& graph,
                 const MatchReach& reach, int most, MatchWatch& watch) {
    auto jobs = static_cast<std::int32_t>(places.jobs.size());
    MatchMore more;
    if (places.riders.empty()) return more;
    double least = *std::min_element(reach.rider_m.begin(), reach.rider_m.end());
    Grid grid(places.riders.data(), static_cast<std::int32_t>(places.riders.size()));
    std::vector<Near> found;
    double radius = 0;
    for (std::int32_t job : Grid::order_of(places.jobs.data(), jobs)) {
        double most_m = reach.job_m[job] - least;
        if (!(most_m > graph.known_m[job])) continue;
        auto listed = graph.rider.begin() + graph.first[job], end = graph.rider.begin() + graph.first[job + 1];
        auto is_open = [&](std::int32_t rider, double square) {
            watch.tick();
            double nearer_m = reach.job_m[job] - reach.rider_m[rider];
            return nearer_m > 0 && square < nearer_m * nearer_m && rules.allows(job, rider) &&
                   std::find(listed, end, rider) == end;
        };
        watch.tick(kStepsAQuery);
        grid.nearest(places.jobs[job], most, most_m * most_m, is_open, radius, found);
        for (const Near& near : found) {
            more.job.push_back(job);
            more.rider.push_back(near.number);
            more.metres.push_back(std::sqrt(near.square));
        }
    }
    return more;
}

}  // namespace gancang
