// The queries of the grid; part of grid.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace gancang {

// A query looks a little farther than the one before it had to: most often that is enough.
constexpr double kMargin = 1.1;

// Calls visit(spot, square of the distance) for each spot in the circle.
template <class Visit>
void Grid::visit(Point place, double radius, const Visit& visit) const {
    double square_max = radius * radius;
    auto strip = std::partition_point(strips_.begin(), strips_.end(),
                                      [&](const Strip& s) { return s.to < place.x - radius; });
    for (; strip != strips_.end() && strip->from <= place.x + radius; ++strip) {
        const double* ys = ys_.data();
        auto spot = static_cast<std::int32_t>(
            std::lower_bound(ys + strip->first, ys + strip->end, place.y - radius) - ys);
        for (; spot < strip->end && ys[spot] <= place.y + radius; ++spot) {
            double dx = xs_[spot] - place.x, dy = ys[spot] - place.y;
            double square = dx * dx + dy * dy;
            if (square <= square_max) visit(spot, square);
        }
    }
}

template <class IsOpen>
void Grid::nearest(Point place, int most, double square_max, const IsOpen& is_open, double& radius,
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
    double reach = std::max({radius, gap_, std::max(out_x, out_y) + gap_});
    for (;;) {
        reach = std::min(reach, farthest);
        found.clear();
        visit(place, reach, [&](std::int32_t spot, double square) {
            if (square > square_max) return;
            std::size_t taken = 0;
            for (std::int32_t m = first_[spot]; m < first_[spot + 1] && taken < wanted; ++m)
                if (is_open(member_[m], square)) found.push_back({square, member_[m]}), ++taken;
            if (found.size() >= 64 * wanted) {
                std::nth_element(found.begin(), found.begin() + most - 1, found.end());
                found.resize(wanted);
            }
        });
        if (found.size() >= wanted || reach >= farthest) break;
        // Grow by what the density here says, at least by half.
        double share = static_cast<double>(wanted) * 1.5 / static_cast<double>(found.size() + 1);
        reach *= std::clamp(std::sqrt(share), 1.5, 4.0);
    }
    if (found.size() > wanted) {
        std::nth_element(found.begin(), found.begin() + most - 1, found.end());
        found.resize(wanted);
    }
    if (found.size() == wanted) {
        double square = std::max_element(found.begin(), found.end())->square;
        radius = std::sqrt(square) * kMargin;
    } else {
        radius = reach;
    }
}

}  // namespace gancang
