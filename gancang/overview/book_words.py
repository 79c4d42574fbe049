"""The words for movements of the book, and for its accounts."""

from gancang.values import N_

LINES = {
    "grant": N_("granted"),
    "reserve": N_("set aside"),
    "settle": N_("owed"),
    "release": N_("given back"),
    "cash": N_("paid by the patient in cash"),
    "qris": N_("paid by the patient by QRIS"),
    "deposit": N_("handed in"),
    "short": N_("missing"),
    "repay": N_("brought later"),
    "write_off": N_("written off"),
    "refund": N_("paid back to the patient"),
    "pass_on": N_("passed on to the fleet"),
    "pay": N_("paid by the bank"),
    "bounce": N_("came back from the bank"),
    "reverse": N_("taken back before it was paid"),
    "owe_back": N_("taken back after it was paid"),
    "set_off": N_("kept for later work"),
    "recover": N_("came back"),
    "revise": N_("raised by a document"),
    "cut": N_("lowered by a document"),
    "carry_out": N_("carried over into the next year"),
    "carry_in": N_("carried over from the year before"),
    "return": N_("returned to the fund"),
}
ACCOUNTS = {
    "granted": N_("budget decree"),
    "available": N_("free"),
    "reserved": N_("set aside"),
    "payable": N_("owed"),
    "paid": N_("with the payee"),
    "owed_back": N_("owed back"),
    "fares": N_("paid by patients"),
    "in_hand": N_("in hand"),
    "till": N_("at the till"),
    "short": N_("missing"),
    "lost": N_("written off"),
}
