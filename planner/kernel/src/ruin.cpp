#include "ruin.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gancang {

namespace {

constexpr std::size_t kNearMax = 200;

}  // namespace

Ruin::Ruin(const Problem& problem, const RuinSettings& settings)
    : problem_(problem),
      settings_(settings),
      near_(problem.calls.size()),
      job_mark_(problem.jobs.size(), 0),
      route_mark_(problem.vehicles.size(), 0) {
    for (std::size_t call = 0; call < problem.calls.size(); ++call)
        if (is_free(problem.calls[call].job)) movable_.push_back(static_cast<int>(call));
}

std::int64_t Ruin::distance(int from, int to) const {
    const Leg* table = problem_.travel[0].data();
    const Leg& leg = problem_.leg(table, problem_.calls[from].place, problem_.calls[to].place);
    return leg.seconds == kNoRoad ? kNever : leg.metres;
}

const std::vector<std::int32_t>& Ruin::near(int call) {
    auto& found = near_[call];
    if (!found.empty()) return found;
    // Where many calls share a place, the other end of their jobs tells them apart.
    auto other_end = [&](int of) {
        const Job& job = problem_.jobs[problem_.calls[of].job];
        int last = job.first_call + job.calls() - 1;
        return of == last ? job.first_call : last;
    };
    std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, std::int32_t>> order;
    order.reserve(movable_.size());
    for (std::int32_t to : movable_)
        order.push_back({{distance(call, to), distance(other_end(call), other_end(to))}, to});
    std::size_t kept = std::min(order.size(), kNearMax);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end());
    found.reserve(kept);
    for (std::size_t at = 0; at < kept; ++at) found.push_back(order[at].second);
    return found;
}

void Ruin::take(int call) {
    int job = problem_.calls[call].job;
    if (job_mark_[job] == mark_ || !is_free(job)) return;
    job_mark_[job] = mark_;
    chosen_.push_back(job);
}

const std::vector<std::int32_t>& Ruin::choose(const Solution& solution, Random& random) {
    chosen_.clear();
    ++mark_;
    if (movable_.empty() || solution.used().empty()) return chosen_;
    std::size_t calls = 0;
    for (std::int32_t vehicle : solution.used()) calls += solution.route(vehicle).calls.size();
    double mean = static_cast<double>(calls) / static_cast<double>(solution.used().size());
    double longest = std::min(settings_.string_max, mean);
    double strings_max = std::max(1.0, 4 * settings_.removed_mean / (1 + longest) - 1);
    int strings = static_cast<int>(1 + random.unit() * strings_max);
    int seed = movable_[random.below(static_cast<int>(movable_.size()))];
    for (std::int32_t call : near(seed)) {
        if (strings == 0) break;
        int job = problem_.calls[call].job;
        int vehicle = solution.vehicle_of(job);
        if (vehicle == kNone || job_mark_[job] == mark_ || route_mark_[vehicle] == mark_) continue;
        const Route& route = solution.route(vehicle);
        auto at = std::ranges::find(route.calls, call);
        if (at == route.calls.end()) continue;
        double most = std::min(longest, static_cast<double>(route.size()));
        int length = static_cast<int>(1 + random.unit() * most);
        length = std::min(length, route.size());
        string_around(route, static_cast<int>(at - route.calls.begin()), length, random);
        route_mark_[vehicle] = mark_;
        --strings;
    }
    return chosen_;
}

// Takes `length` calls around a position, in one piece or with some in the middle kept.
void Ruin::string_around(const Route& route, int position, int length, Random& random) {
    int kept = 0;
    if (length > 1 && length < route.size() && random.chance(settings_.split_chance)) {
        kept = 1;
        while (length + kept < route.size() && random.chance(settings_.grow_chance)) ++kept;
    }
    int span = length + kept;
    int first_min = std::max(0, position - span + 1), first_max = std::min(position, route.size() - span);
    int first = first_min + random.below(first_max - first_min + 1);
    int skip = kept == 0 ? first + span : first + 1 + random.below(std::max(1, length - 1));
    for (int at = first; at < first + span; ++at)
        if (kept == 0 || at < skip || at >= skip + kept) take(route.calls[at]);
}

}  // namespace gancang
