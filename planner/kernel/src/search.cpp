#include "search.hpp"

#include <algorithm>
#include <cmath>

namespace gancang {

Search::Search(const Problem& problem, std::uint64_t seed, const Settings& settings)
    : problem_(problem),
      settings_(settings),
      random_(seed),
      weights_(problem),
      now_(problem, weights_),
      ruin_(problem, settings.ruin),
      recreate_(problem),
      memory_(problem, settings.remembered),
      missed_(problem.jobs.size(), 1) {
    Parts unit;
    std::fill(unit.of, unit.of + kParts, 1'000'000);
    weights_.scale_to(unit);
}

bool Search::start(const Sequences& calls) {
    if (!now_.start(calls)) return false;
    best_versions_.assign(problem_.vehicles.size(), 0);
    best_calls_.assign(problem_.vehicles.size(), {});
    has_best_ = false;
    keep();
    return true;
}

bool Search::take(const Sequences& calls) {
    if (!now_.start(calls)) return false;
    keep_if_better();
    return true;
}

void Search::run(const Stopping& stopping, const Watch& watch) {
    stopping_ = stopping;
    watch_ = &watch;
    began_ = asked_ = Clock::now();
    over_ = false;
    fill();
    keep_if_better();
    weights_.scale_to(now_.parts());
    now_.weigh_again();
    if (fleet_comes_first()) {
        anneal(settings_.first_share, kAnyNumber);
        restart_from_best();
        weights_.scale_to(now_.parts());
        now_.weigh_again();
        use_fewer_vehicles();
        restart_from_best();
        anneal(1, now_.used().size());
    } else {
        anneal(1, kAnyNumber);
    }
}

bool Search::is_over() {
    if (over_) return true;
    over_ = (stopping_.iterations >= 0 && iterations_ >= stopping_.iterations) ||
            (stopping_.no_gain >= 0 && iterations_ - last_gain_ >= stopping_.no_gain);
    Clock::time_point now = Clock::now();
    if (over_ || is_past_deadline(now)) return true;
    if (now - asked_ < std::chrono::duration<double>(stopping_.ask_every_s)) return false;
    asked_ = now;
    over_ = watch_->asks(iterations_, best_parts_, better_);
    better_ = false;
    return over_;
}

bool Search::is_past_deadline(Clock::time_point now) {
    double spent = std::chrono::duration<double>(now - began_).count();
    return over_ = stopping_.seconds >= 0 && spent >= stopping_.seconds;
}

// Only the deadline ends the first plan early; whoever interrupts it throws.
bool Search::is_over_while_filling() {
    Clock::time_point now = Clock::now();
    if (now - asked_ >= std::chrono::milliseconds(10)) {
        asked_ = now;
        watch_->breathes();
    }
    return is_past_deadline(now);
}

double Search::done() const {
    double part = 0;
    std::int64_t planned = stopping_.planned > 0 ? stopping_.planned : stopping_.iterations;
    if (planned > 0) part = static_cast<double>(iterations_) / static_cast<double>(planned);
    if (stopping_.seconds > 0 && stopping_.planned <= 0) part = std::max(part, elapsed() / stopping_.seconds);
    return std::min(1.0, part);
}

void Search::keep_if_better() {
    if (!weights_.is_better(now_.parts(), best_parts_)) return;
    keep();
    better_ = true;
    last_gain_ = iterations_;
}

void Search::keep() {
    for (std::size_t v = 0; v < best_calls_.size(); ++v) {
        const Route& route = now_.route(static_cast<int>(v));
        if (best_versions_[v] == route.version) continue;
        best_versions_[v] = route.version;
        best_calls_[v] = route.calls;
    }
    best_parts_ = now_.parts();
}

void Search::restart_from_best() {
    bool sound = now_.start(best_calls_);
    static_cast<void>(sound);  // it was driven before
    for (std::size_t v = 0; v < best_calls_.size(); ++v)
        best_versions_[v] = now_.route(static_cast<int>(v)).version;
}

// The first plan: every job where it adds least, in an order drawn by lot.
void Search::fill() {
    std::function<bool()> is_over = [this] { return is_over_while_filling(); };
    RecreateSettings plain{.blink_chance = 0, .is_over = &is_over};
    now_.begin();
    if (!recreate_.run(now_, random_, plain)) now_.undo();
    now_.begin();
}

// One ruin and recreate on the current plan; false if it had to be taken back.
bool Search::step(std::size_t vehicles_max) {
    now_.begin();
    RecreateSettings settings{.blink_chance = settings_.blink_chance, .vehicles_max = vehicles_max};
    bool sound = now_.remove(ruin_.choose(now_, random_)) && recreate_.run(now_, random_, settings);
    if (!sound) now_.undo();
    ++iterations_;
    return sound;
}

double Search::mean_leg() const {
    std::size_t legs = now_.used().size();
    double score = 0;
    for (std::int32_t vehicle : now_.used()) {
        const Route& route = now_.route(vehicle);
        legs += route.calls.size();
        score += route.score - weights_.of(kVehicles);
    }
    return legs == 0 ? 1 : std::max(score / static_cast<double>(legs), 1e-9);
}

// Simulated annealing with the threshold of Christiaens & Vanden Berghe: a worse plan is taken if
// it is worse by less than -T ln(u).
void Search::anneal(double until, std::size_t vehicles_max) {
    double leg = mean_leg(), hot = settings_.hot * leg, cold = settings_.cold * leg;
    if (fleet_comes_first()) {
        weights_.set(kVehicles, settings_.vehicle * leg);
        weights_.set(kUnserved, settings_.left_out * leg);
        now_.weigh_again();
    }
    double since = done(), temperature = hot;
    double score = now_.score();
    for (std::int64_t turn = 0; !is_over(); ++turn) {
        if (turn % 16 == 0) {
            if (done() >= until) break;
            double part = (done() - since) / (until - since);
            temperature = hot * std::pow(cold / hot, part);
        }
        if (!step(vehicles_max)) continue;
        double next = now_.score();
        if (next < score - temperature * std::log(random_.unit() + 1e-300)) {
            score = next;
            keep_if_better();
            remember();
        } else {
            now_.undo();
        }
    }
}

void Search::remember() {
    if (settings_.remembered > 0 && now_.absent().empty())
        now_.each_changed([&](const Route& route) { memory_.keep(route); });
}

// Whether fewer vehicles count more than all that makes one plan of equal service better.
bool Search::fleet_comes_first() const {
    if (problem_.levels.size() < 3) return false;
    const Level& second = problem_.levels[1];
    for (int p = 0; p < kParts; ++p)
        if ((second[p] != 0) != (p == kVehicles)) return false;
    return now_.absent().empty();
}

void Search::use_fewer_vehicles() {
    double until = done() + settings_.fleet_share * (1 - done());
    while (now_.used().size() > 1 && !is_over() && done() < until) {
        if (!empty_one_vehicle(until)) break;
        keep_if_better();
    }
}

std::int64_t Search::absences() const {
    std::int64_t sum = 0;
    for (std::int32_t job : now_.absent()) sum += missed_[job];
    return sum;
}

// The jobs of the route whose jobs were missing least often.
std::vector<std::int32_t> Search::easiest_route() const {
    std::vector<std::int32_t> easiest;
    std::int64_t least = kNever;
    for (std::int32_t vehicle : now_.used()) {
        std::int64_t sum = 0;
        std::vector<std::int32_t> jobs;
        bool stays = false;
        for (std::int32_t call : now_.route(vehicle).calls) {
            int job = problem_.calls[call].job;
            stays |= problem_.jobs[job].holder != kNone;
            if (call != problem_.jobs[job].first_call) continue;
            sum += missed_[job];
            jobs.push_back(job);
        }
        if (!stays && sum < least) least = sum, easiest = jobs;
    }
    return easiest;
}

// Takes a route apart and tries to find room for its jobs in the others, led by how often each
// job was missing (absence counters: Christiaens & Vanden Berghe 2020).
bool Search::empty_one_vehicle(double until) {
    std::vector<std::int32_t> jobs = easiest_route();
    if (jobs.empty()) return false;
    now_.begin();
    if (!now_.remove(jobs)) {
        now_.undo();
        return false;
    }
    return place_missing(until);
}

bool Search::place_missing(double until) {
    std::int64_t missing = absences();
    double leg = mean_leg(), score = now_.score();
    while (!now_.absent().empty()) {
        if (is_over() || done() >= until) return false;
        if (!step(now_.used().size())) continue;
        std::int64_t still = absences();
        double next = now_.score() - weights_.of(kUnserved) * static_cast<double>(now_.parts().of[kUnserved]);
        bool taken = still < missing || (still == missing && next < score - settings_.hot * leg * std::log(random_.unit() + 1e-300));
        for (std::int32_t job : now_.absent()) ++missed_[job];
        if (taken)
            score = next;
        else
            now_.undo();
        missing = absences();
    }
    return true;
}

}  // namespace gancang
