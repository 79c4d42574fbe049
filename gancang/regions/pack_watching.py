"""How spending is watched, as tables of funds.toml: who is asked again, where offices buy."""

from gancang.regions.pack_values import Key, text, whole

RECHECK = {
    "percent": Key(whole(1, 100), "of a day's hand-overs so many are asked about again"),
    "tries": Key(whole(1, 10), "calls that may fail before somebody goes there"),
    "rule": Key(text(200), "what asks for it, or who decided"),
}
ROTATION = {
    "after": Key(whole(1, 100), "purchases in a row at one seller; the next one is at another"),
    "nearby": Key(whole(1, 20), "so many others are named, the nearest first"),
    "rule": Key(text(200), "what asks for it, or who decided"),
}
