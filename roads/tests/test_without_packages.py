"""Where a machine has no wheel of what maps need, estimates work and maps say what is missing."""

import subprocess
import sys
from pathlib import Path

TOWN = Path(__file__).parent / "data" / "town.osm"
PROGRAM = """
import sys
from pathlib import Path
for name in sys.argv[2].split(","):
    sys.modules[name] = None
from gancang_roads import EngineMissing, Estimate, Place, build
assert Estimate(speed_kmh=40).metres(Place(-8.2, 114.3), Place(-8.3, 114.3)) > 11_000
try:
    build(Path(sys.argv[1]), Path("never.road"))
except EngineMissing as missing:
    print(missing)
assert not Path("never.road").exists()
"""


def without(names: str, folder: Path) -> str:
    words = [sys.executable, "-c", PROGRAM, str(TOWN), names]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_without_osmium_nothing_is_read(tmp_path: Path) -> None:
    assert "needs the package osmium: pip install" in without("osmium", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_routingkit_no_network_is_made(tmp_path: Path) -> None:
    assert "need the package routingkit-cch: pip install" in without("routingkit_cch", tmp_path)
    assert list(tmp_path.iterdir()) == []
