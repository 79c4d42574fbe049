"""What happened with shops, as readers of the chain are told."""

from gancang.values import N_

EVENTS = {
    "shops.loaded": N_("Kitchens and shops taken from the pack"),
    "shop.applied": N_("A shop asked to join"),
    "shop.approved": N_("Shop approved"),
    "shop.rejected": N_("Shop rejected"),
    "shop.paper_shown": N_("Shop's paper shown"),
    "shop.paper_compared": N_("Shop's paper compared"),
    "shop.photo_seen": N_("Photo of a shop looked at"),
    "shop.assisted": N_("Assistance planned"),
    "shop.step_done": N_("Step of assistance done"),
    "shop.checked": N_("Hygiene checked"),
    "shop.suspended": N_("Shop suspended"),
    "shop.lifted": N_("Suspension lifted"),
    "shop.appealed": N_("Shop appealed"),
    "shop.heard": N_("Shop's appeal decided"),
    "shop.opened": N_("Shop opened"),
    "shop.closed": N_("Shop closed"),
    "shop.busy": N_("Shop is busy"),
    "shop.prepares": N_("Minutes to prepare set"),
    "shop.hours_set": N_("Opening hours set"),
    "shop.days_off": N_("Days off taken"),
    "shop.days_off_dropped": N_("Days off dropped"),
    "shop.keeper_added": N_("Shop's helper added"),
    "shop.keeper_taken": N_("Shop's helper taken off"),
}
