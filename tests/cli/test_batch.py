"""Many files in one run: none stops the others, and what is finished stays finished."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hrdd_cli import batch, pool
from hrdd_cli.books import How
from hrdd_cli.outcome import reached
from hrdd_cli.targets import Job
from hrdd_workbook.atomic import temporary

DAY = ("--date", "2026-11-24")
GRAVE = {"transaction_id": "T1", "product": "Phone extraction kit", "end_user": "State Police",
         "destination_country": "Egypt", "end_use": "Criminal investigations"}  # fmt: skip
CHAIR = {"transaction_id": "T2", "product": "Office chair", "end_user": "Shop Ltd", "destination_country": "Sweden"}


@pytest.fixture(autouse=True)
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of the test's own."""
    path = tmp_path / "state" / "journal.sqlite3"
    monkeypatch.setattr("hrdd_cli.journal.default_journal", lambda: path)
    return path


@pytest.fixture
def folder(book: Callable[..., Path], tmp_path: Path) -> Path:
    """Six small workbooks in a folder."""
    (tmp_path / "orders").mkdir()
    path = book(GRAVE, CHAIR, name="orders/0.xlsx")
    for number in range(1, 6):
        shutil.copy(path, path.with_name(f"{number}.xlsx"))
    return path.parent


def _summary(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_call_of_the_scorer_for_many_files_changes_no_byte(hrdd: Callable, folder: Path, tmp_path: Path) -> None:
    """Scored together, one by one, or on two processes: the same workbooks."""
    extra = openpyxl.load_workbook(folder / "5.xlsx")
    extra.worksheets[0].append(["T9", "Pegasus", "Mexican Army", "Mexico"])
    extra.save(folder / "5.xlsx")
    for path in sorted(folder.iterdir()):
        assert hrdd("score", path, "--out", tmp_path / "single", *DAY).exit_code == 0
    assert hrdd("score", folder, "--out", tmp_path / "together", "--workers", 1, *DAY).exit_code == 0
    assert hrdd("score", folder, "--out", tmp_path / "apart", "--workers", 2, *DAY).exit_code == 0
    assert _contents(tmp_path / "single") == _contents(tmp_path / "together") == _contents(tmp_path / "apart")


def test_a_bad_file_is_a_line_of_the_summary_and_the_rest_is_done(hrdd: Callable, folder: Path, tmp_path: Path) -> None:
    """Exit code 3; each failure has its file and reason, for machines and on standard error."""
    (folder / "bad.xlsx").write_bytes(b"no workbook")
    (folder / "empty.csv").write_bytes(b"")
    told = tmp_path / "summary.json"
    result = hrdd("score", folder, tmp_path / "gone.xlsx", "--in-place", "--summary", told, *DAY)
    assert result.exit_code == 3
    summary = _summary(told)
    assert summary["exit_code"] == 3
    assert [Path(each["file"]).name for each in summary["failed"]] == ["gone.xlsx", "bad.xlsx", "empty.csv"]
    assert all(each["reason"] for each in summary["failed"])
    assert len(summary["files"]) == 6
    assert summary["rows"] == sum(summary["ratings"].values()) == 12
    assert "bad.xlsx" in result.stderr


def test_nothing_but_bad_files_is_exit_code_4(hrdd: Callable, tmp_path: Path) -> None:
    """Nothing could be done; an empty folder is told in a sentence."""
    (tmp_path / "bad.xlsx").write_bytes(b"no")
    (tmp_path / "empty").mkdir()
    assert hrdd("score", tmp_path / "bad.xlsx", tmp_path / "gone.xlsx").exit_code == 4
    result = hrdd("score", tmp_path / "empty")
    assert result.exit_code == 4
    assert "holds no workbook" in result.stderr


@pytest.mark.parametrize(("limit", "code"), [("CRITICAL", 1), ("medium", 1), ("STOP", 0), ("HOLD", 1)])
def test_fail_on_tells_by_exit_code_1(hrdd: Callable, book: Callable, limit: str, code: int) -> None:
    """A row at the rating or disposition, or above it; everything is written all the same."""
    path = book(GRAVE, CHAIR)
    assert hrdd("score", path, "--fail-on", limit, *DAY).exit_code == code
    assert path.with_name("small.scored.xlsx").is_file()
    assert hrdd("score", book(CHAIR), "--fail-on", limit, *DAY).exit_code == 0


def test_an_unrated_row_counts_at_its_worst() -> None:
    """Unknown is never low, for a pipeline that stops on HIGH as well."""
    assert reached("HIGH", {"CRITICAL": 1, "HIGH": 2, "LOW": 9}, {}) == 3
    assert reached("HOLD", {}, {"STOP": 1, "CONDITIONS": 5}) == 1


def test_away_from_a_terminal_every_file_is_one_json_line(hrdd: Callable, folder: Path, tmp_path: Path) -> None:
    """Rows, seconds, ratings, problems and versions of each; --log appends the same to a file."""
    lines = [json.loads(line) for line in hrdd("score", folder, "--in-place", *DAY).stderr.splitlines()]
    assert [line["event"] for line in lines] == ["scored"] * 6
    assert {"file", "rows", "seconds", "ratings", "problems", "versions", "time"} <= lines[0].keys()
    log = tmp_path / "run.log"
    for _ in range(2):
        result = hrdd("score", folder, "--in-place", "--quiet", "--log", log, *DAY)
        assert result.output + result.stderr == ""
    assert [json.loads(line)["changed"] for line in log.read_text(encoding="utf-8").splitlines()] == [False] * 12


def test_resume_scores_only_what_is_not_finished(hrdd: Callable, folder: Path, tmp_path: Path) -> None:
    """What was changed since, at either end, is scored again; the rest is left as it is, with its times."""
    out, told = tmp_path / "out", tmp_path / "summary.json"
    assert hrdd("score", folder, "--out", out, *DAY).exit_code == 0
    whole = _contents(out)
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    (out / "1.xlsx").unlink()
    (out / "2.xlsx").write_bytes(b"cut off")
    changed = openpyxl.load_workbook(folder / "3.xlsx")
    changed.worksheets[0]["D2"] = "Norway"
    changed.save(folder / "3.xlsx")
    result = hrdd("score", folder, "--out", out, "--resume", "--date", "2027-01-01", "--summary", told)
    assert result.exit_code == 0, result.stderr
    assert [Path(each["file"]).name for each in _summary(told)["files"]] == ["1.xlsx", "2.xlsx", "3.xlsx"]
    assert [Path(name).name for name in _summary(told)["unchanged"]] == ["0.xlsx", "4.xlsx", "5.xlsx"]
    assert all((out / name).stat().st_mtime_ns == before[name] for name in ("0.xlsx", "4.xlsx", "5.xlsx"))
    assert _contents(out)["4.xlsx"] == whole["4.xlsx"]


def test_resume_in_place_knows_its_own_results(hrdd: Callable, folder: Path) -> None:
    """The file that a run has written itself counts as unchanged."""
    assert hrdd("score", folder, "--in-place", *DAY).exit_code == 0
    result = hrdd("score", folder, "--in-place", "--resume", *DAY)
    assert result.exit_code == 0
    assert "Unchanged since they were scored: 6 files" in result.output


def test_a_journal_that_cannot_be_kept_is_one_sentence(hrdd: Callable, folder: Path, tmp_path: Path) -> None:
    """Where it was asked for; otherwise the run goes on without one."""
    (tmp_path / "file").write_text("")
    result = hrdd("score", folder, "--journal", tmp_path / "file" / "j.sqlite3", *DAY)
    assert result.exit_code == 4
    assert "journal" in result.stderr


def test_a_file_that_is_open_is_waited_for(hrdd: Callable, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel's owner file holds one workbook back; the others are done meanwhile, and it is when the file is gone."""
    owner = folder / "~$3.xlsx"
    owner.write_bytes(b"")
    assert hrdd("score", folder, "--in-place", *DAY).exit_code == 3
    monkeypatch.setattr(batch.time, "sleep", lambda _seconds: owner.unlink(missing_ok=True))
    assert hrdd("score", folder, "--in-place", "--wait", 60, *DAY).exit_code == 0


def test_a_fault_in_one_file_is_told_of_it_alone(hrdd: Callable, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a bug in the scorer: the others of the same call are scored without the file that shows it."""
    from hrdd_cli import pieces

    real = pieces.score

    def fragile(frame: Any, **options: Any) -> Any:
        if (frame["product"] == "Bomb").any():
            raise ZeroDivisionError
        return real(frame, **options)

    monkeypatch.setattr(pieces, "score", fragile)
    workbook = openpyxl.load_workbook(folder / "2.xlsx")
    workbook.worksheets[0]["B2"] = "Bomb"
    workbook.save(folder / "2.xlsx")
    result = hrdd("score", folder, "--in-place", "--workers", 1, *DAY)
    assert result.exit_code == 3
    assert "2.xlsx could not be scored: a fault in hrdd (ZeroDivisionError" in result.stderr
    assert result.stderr.count('"event": "scored"') == 5


def test_a_file_that_is_replaced_while_it_is_scored_is_scored_anew(
    hrdd: Callable, folder: Path, book: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results never stand beside cells that they were not made from, and nobody's later version is lost."""
    from hrdd_cli import work

    newer = book(CHAIR, name="newer.xlsx")
    real, done = work.score_tables, list[bool]()

    def meanwhile(*arguments: Any) -> Any:
        if not done:
            done.append(True)
            shutil.copy(newer, folder / "1.xlsx")
        return real(*arguments)

    monkeypatch.setattr(work, "score_tables", meanwhile)
    assert hrdd("score", folder / "1.xlsx", "--in-place", *DAY).exit_code == 0
    sheet = openpyxl.load_workbook(folder / "1.xlsx").worksheets[0]
    assert sheet["B2"].value == "Office chair"
    assert sheet.max_row == 2
    assert sheet.max_column > 10


def test_a_file_that_is_deleted_meanwhile_is_one_sentence(
    hrdd: Callable, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not made again out of what was read."""
    from hrdd_cli import work

    real = work.score_tables

    def meanwhile(*arguments: Any) -> Any:
        (folder / "1.xlsx").unlink(missing_ok=True)
        return real(*arguments)

    monkeypatch.setattr(work, "score_tables", meanwhile)
    result = hrdd("score", folder / "1.xlsx", folder / "2.xlsx", "--in-place", *DAY)
    assert result.exit_code == 3
    assert "there is no such file" in result.stderr
    assert not (folder / "1.xlsx").exists()


def test_leftovers_of_killed_runs_are_swept(hrdd: Callable, folder: Path) -> None:
    """Half-written files of processes that are gone, and no others."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with temporary(folder / "1.xlsx") as made:
        alive = made.path
        names = (alive.name.replace(f"-{os.getpid()}-", f"-{gone.pid}-"), ".1.xlsx.other.tmp", alive.name)
    mine, other, alive = (folder / name for name in names)
    for path in (mine, alive, other):
        path.write_bytes(b"half")
    assert hrdd("score", folder, "--in-place", *DAY).exit_code == 0
    assert [path.exists() for path in (mine, alive, other)] == [False, True, True]


@pytest.mark.skipif(os.name == "nt", reason="modes and owners are those of POSIX")
def test_mode_and_owner_stay_and_an_unchanged_file_keeps_its_time(hrdd: Callable, folder: Path) -> None:
    """The time of change is that of the change."""
    path = folder / "1.xlsx"
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 12345, 12345)
    owner = (path.stat().st_uid, path.stat().st_gid)
    assert hrdd("score", path, "--in-place", *DAY).exit_code == 0
    after = path.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == owner
    assert hrdd("score", path, "--in-place", *DAY).exit_code == 0
    assert path.stat().st_mtime_ns == after.st_mtime_ns


def test_processes_end_of_themselves_and_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Though each holds pipes of those that were started before it: none is waited for in vain, and killed."""
    team = []
    end = pool._Worker.end

    def ended(worker: pool._Worker) -> None:
        end(worker)
        team.append(worker._process.exitcode)

    monkeypatch.setattr(pool._Worker, "end", ended)
    groups = [[Job(str(tmp_path / f"{number}.csv"), "text", None)] for number in range(3)]
    answers = list(pool.score_groups(groups, How(date(2026, 11, 24)), 3))
    assert len(answers) == 3
    assert team == [0, 0, 0]


def test_groups_put_small_files_together_and_leave_large_ones_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """And give every worker several, so that none is idle at the end."""
    jobs = [Job(str(number), "book", None) for number in range(200)]
    monkeypatch.setattr(batch, "size_of", lambda job: 9_000_000 if job.source == "7" else 1000)
    found = list(batch.groups(jobs, 2))
    assert [job for group in found for job in group] == jobs
    assert [job.source for job in next(group for group in found if jobs[7] in group)] == ["7"]
    assert max(map(len, found)) <= 24
    assert max(map(len, batch.groups(jobs[:16], 2))) <= 2
    tables = [Job(f"{number}.csv", "text", None) for number in range(3)]
    assert [len(group) for group in batch.groups([*jobs[:2], *tables], 1)][-3:] == [1, 1, 1]


@pytest.mark.skipif(sys.platform != "linux", reason="only here may a name be of any bytes")
def test_a_name_that_is_no_text_is_scored_logged_and_left_out_the_next_time(hrdd: Callable, tmp_path: Path) -> None:
    """Its bytes that are no character are spelled out in JSON, which stays JSON."""
    path = tmp_path / os.fsdecode(b"na\xefve.csv")
    path.write_text("Product,End user,Destination country\nIP camera,Police,Egypt\n", "utf-8")
    told, log = tmp_path / "summary.json", tmp_path / "log"
    words = ("score", path, "--out", tmp_path / "out", "--resume", "--summary", told, "--log", log, "--quiet", *DAY)
    assert hrdd(*words).exit_code == 0
    assert (tmp_path / "out" / path.name).is_file()
    assert _summary(told)["files"][0]["file"] == json.loads(log.read_text("utf-8"))["file"] == str(path)
    assert hrdd(*words).exit_code == 0
    assert _summary(told)["unchanged"] == [str(path)]
