"""A foreign program reads what we publish: GDAL, which is inside QGIS and most other map tools."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="TESTS WITH GDAL SKIPPED: ogrinfo is absent")
def test_gdal_opens_the_geojson_dump_with_all_its_entries(client: Client, tmp_path: Path) -> None:
    cast.organisation("Bürgerwerk eG", "Berlin", cast.BERLIN, summary="Strom & Wärme")
    cast.organisation("Prater", "Wien", cast.WIEN, country="AT")
    cast.organisation("Überall eG")
    file = tmp_path / "organisationen.geojson"
    file.write_bytes(b"".join(client.get("/daten/organisationen.geojson").streaming_content))  # type: ignore[arg-type]
    report = subprocess.run(["ogrinfo", "-ro", "-al", str(file)], capture_output=True, text=True, check=True).stdout
    assert "Feature Count: 3" in report and "name (String) = Bürgerwerk eG" in report
    assert "POINT (13.405 52.52)" in report
