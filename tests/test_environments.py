"""The same bytes whatever the machine is set to; `make environments` tries each by itself."""

import pytest

from . import environments


@pytest.mark.slow
def test_all_environments_at_once_change_no_byte(tmp_path):
    assert list(environments.differing(environments.TOGETHER, tmp_path)) == []


@pytest.mark.slow
def test_another_byte_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(environments, "FIGURES", ("no-such-figure",))
    wrong = list(environments.differing(environments.Environment(), tmp_path))
    assert any("unknown figure 'no-such-figure'" in words for words in wrong)
