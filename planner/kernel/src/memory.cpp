#include "memory.hpp"

namespace gancang {

// FNV-1a over the type of vehicle and the calls.
std::uint64_t Memory::hash(const Route& route) const {
    std::uint64_t mixed = 14695981039346656037u;
    auto mix = [&](std::uint64_t value) { mixed = (mixed ^ value) * 1099511628211u; };
    mix(static_cast<std::uint64_t>(problem_.vehicles[route.vehicle].type));
    for (std::int32_t call : route.calls) mix(static_cast<std::uint64_t>(call) + 1);
    return mixed;
}

void Memory::keep(const Route& route) {
    if (room_ == 0 || route.empty()) return;
    std::uint64_t key = hash(route);
    if (!at_.emplace(key, next_).second) return;
    SeenRoute seen{route.vehicle, route.calls, route.schedule.parts};
    if (seen_.size() < room_) {
        seen_.push_back(std::move(seen));
        hashes_.push_back(key);
    } else {
        at_.erase(hashes_[next_]);
        seen_[next_] = std::move(seen);
        hashes_[next_] = key;
    }
    next_ = (next_ + 1) % room_;
}

}  // namespace gancang
