"""What happens to an order of food, in words of its story."""

from gancang.values import N_

FOOD = {
    "food.placed": N_("Food ordered"),
    "food.asked": N_("The buyer confirmed the order"),
    "food.to_pay": N_("The kitchen said yes, the buyer is to pay"),
    "food.paid": N_("The food is paid by QRIS"),
    "food.unpaid": N_("The food was not paid in time"),
    "food.not_begun": N_("Paid, but nobody can bring it any more"),
    "food.asked_back": N_("Paid for nothing: to be given back"),
    "food.accepted": N_("The kitchen said yes"),
    "food.refused": N_("The kitchen said no"),
    "food.ready": N_("Ready at the kitchen"),
    "food.called_off": N_("Called off by the buyer"),
    "food.lapsed": N_("Nobody answered the order"),
}
