#include "grid.hpp"

#include <utility>

namespace gancang {

namespace {

constexpr double kStripWidth = 1.3;  // in mean gaps between spots

// Points in a strip.
std::int32_t strip_size(std::int32_t count) {
    return std::max<std::int32_t>(1, static_cast<std::int32_t>(kStripWidth * std::sqrt(count)));
}

}  // namespace

std::vector<std::int32_t> Grid::order_of(const Point* points, std::int32_t count) {
    std::vector<std::pair<double, std::int32_t>> by(count);
    for (std::int32_t i = 0; i < count; ++i) by[i] = {points[i].x, i};
    std::sort(by.begin(), by.end());
    std::int32_t size = strip_size(count);
    std::vector<std::int32_t> order(count);
    bool upward = true;
    for (std::int32_t from = 0; from < count; from += size, upward = !upward) {
        std::int32_t to = std::min(from + size, count);
        for (std::int32_t i = from; i < to; ++i) by[i].first = points[by[i].second].y;
        std::sort(by.begin() + from, by.begin() + to);
        if (!upward) std::reverse(by.begin() + from, by.begin() + to);
    }
    for (std::int32_t i = 0; i < count; ++i) order[i] = by[i].second;
    return order;
}

Grid::Grid(const Point* points, std::int32_t count) {
    struct Spot {
        double x, y;
        std::int32_t number;
    };
    std::vector<Spot> all(count);
    for (std::int32_t i = 0; i < count; ++i) all[i] = {points[i].x, points[i].y, i};
    std::sort(all.begin(), all.end(), [](const Spot& a, const Spot& b) {
        if (a.x != b.x) return a.x < b.x;
        return a.y != b.y ? a.y < b.y : a.number < b.number;
    });
    auto is_same = [&](std::int32_t a, std::int32_t b) { return all[a].x == all[b].x && all[a].y == all[b].y; };
    std::int32_t spots = 0;
    for (std::int32_t i = 0; i < count; ++i) spots += i == 0 || !is_same(i - 1, i);
    xs_.reserve(spots), ys_.reserve(spots), first_.reserve(spots + 1), member_.reserve(count);
    std::int32_t size = strip_size(spots);
    std::vector<std::pair<std::int32_t, std::int32_t>> runs;  // of `all`, a spot each
    for (std::int32_t from = 0; from < count;) {
        runs.clear();
        std::int32_t to = from;
        while (to < count && static_cast<std::int32_t>(runs.size()) < size) {
            std::int32_t begin = to++;
            while (to < count && is_same(begin, to)) ++to;
            runs.emplace_back(begin, to);
        }
        strips_.push_back({all[from].x, all[to - 1].x, static_cast<std::int32_t>(xs_.size()), 0});
        std::sort(runs.begin(), runs.end(), [&](const auto& a, const auto& b) {
            return all[a.first].y != all[b.first].y ? all[a.first].y < all[b.first].y : a.first < b.first;
        });
        for (auto [begin, end] : runs) {
            xs_.push_back(all[begin].x), ys_.push_back(all[begin].y);
            first_.push_back(static_cast<std::int32_t>(member_.size()));
            for (std::int32_t i = begin; i < end; ++i) member_.push_back(all[i].number);
        }
        strips_.back().end = static_cast<std::int32_t>(xs_.size());
        from = to;
    }
    first_.push_back(static_cast<std::int32_t>(member_.size()));
    if (count == 0) return;
    auto [low, high] = std::minmax_element(ys_.begin(), ys_.end());
    low_ = {all.front().x, *low};
    high_ = {all.back().x, *high};
    double width = std::hypot(high_.x - low_.x, high_.y - low_.y);
    gap_ = std::max(width / std::sqrt(static_cast<double>(spots)), 1e-9);
}

Grid::Finger Grid::finger() const {
    Finger finger;
    for (const Strip& strip : strips_) finger.spot.push_back(strip.first);
    finger.circle.resize(xs_.size() + 1);
    return finger;
}

}  // namespace gancang
