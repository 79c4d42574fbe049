// The queries of the grid; part of grid.hpp.
#pragma once

#include <algorithm>
#include <cmath>

namespace gancang {

// A query looks a little farther than the one before it had to: most often that is enough.
constexpr double kMargin = 1.1;

// Keeps the `most` smallest of `found`; true if there are that many.
inline bool keep_nearest(std::vector<Near>& found, std::size_t most) {
    constexpr std::size_t kFew = 6;
    if (found.size() <= most + kFew) {
        for (; found.size() > most; found.pop_back())
            std::iter_swap(std::max_element(found.begin(), found.end()), found.end() - 1);
    } else {
        std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(most) - 1, found.end());
        found.resize(most);
    }
    return found.size() == most;
}

// The first spot of the strip that is not below y, looked for around a guess.
inline std::int32_t Grid::first_above(const Strip& strip, double y, std::int32_t guess) const {
    constexpr int kStepsMax = 8;
    const double* ys = ys_.data();
    std::int32_t spot = guess;
    for (int step = 0; step < kStepsMax; ++step) {
        if (spot < strip.end && ys[spot] < y) ++spot;
        else if (spot > strip.first && ys[spot - 1] >= y) --spot;
        else return spot;
    }
    return static_cast<std::int32_t>(std::lower_bound(ys + strip.first, ys + strip.end, y) - ys);
}

// Puts the spots in the circle into finger.circle and answers how many they are. Without a branch on
// whether a spot is in it: that is anybody's guess, the processor's too.
inline std::size_t Grid::look(Point place, double radius, Finger& finger) const {
    double square_max = radius * radius, left = place.x - radius, right = place.x + radius;
    std::size_t count = 0;
    auto begin = std::partition_point(strips_.begin(), strips_.end(), [&](const Strip& s) { return s.to < left; });
    for (auto s = static_cast<std::size_t>(begin - strips_.begin()); s < strips_.size(); ++s) {
        const Strip& strip = strips_[s];
        if (strip.from > right) break;
        std::int32_t spot = first_above(strip, place.y - radius, finger.spot[s]);
        finger.spot[s] = spot;
        double top = place.y + radius;
        for (; spot < strip.end && ys_[spot] <= top; ++spot) {
            double dx = xs_[spot] - place.x, dy = ys_[spot] - place.y;
            double square = dx * dx + dy * dy;
            finger.circle[count] = {square, spot};
            count += square <= square_max;
        }
    }
    return count;
}

template <class IsOpen>
void Grid::nearest(Point place, int most, double square_max, const IsOpen& is_open, Finger& finger,
                   std::vector<Near>& found) const {
    found.clear();
    if (strips_.empty() || most <= 0) return;
    auto wanted = static_cast<std::size_t>(most);
    // How far what is here begins and ends, a hair more: rounding loses nothing.
    double out_x = std::max({low_.x - place.x, place.x - high_.x, 0.0});
    double out_y = std::max({low_.y - place.y, place.y - high_.y, 0.0});
    double far_x = std::max(place.x - low_.x, high_.x - place.x);
    double far_y = std::max(place.y - low_.y, high_.y - place.y);
    // No square of these: they could vanish where all are in one spot, almost.
    double farthest = std::min(std::sqrt(square_max), far_x + far_y) * (1 + 1e-9);
    double reach = std::max({finger.radius, gap_, std::max(out_x, out_y) + gap_});
    for (;;) {
        reach = std::min(reach, farthest);
        found.clear();
        std::size_t spots = look(place, reach, finger);
        for (std::size_t i = 0; i < spots; ++i) {
            auto [square, spot] = finger.circle[i];
            if (square > square_max) continue;
            std::size_t taken = 0;
            for (std::int32_t m = first_[spot]; m < first_[spot + 1] && taken < wanted; ++m)
                if (is_open(member_[m], square)) found.push_back({square, member_[m]}), ++taken;
            if (found.size() >= 64 * wanted) keep_nearest(found, wanted);
        }
        if (found.size() >= wanted || reach >= farthest) break;
        // Grow by what the density here says, at least by a quarter.
        double share = static_cast<double>(wanted) * 1.5 / static_cast<double>(found.size() + 1);
        reach *= std::clamp(std::sqrt(share), 1.25, 4.0);
    }
    bool is_enough = found.size() >= wanted && keep_nearest(found, wanted);
    finger.radius = reach;
    if (is_enough)
        finger.radius = std::sqrt(std::max_element(found.begin(), found.end())->square) * kMargin;
}

}  // namespace gancang
