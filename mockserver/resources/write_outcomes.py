"""What came of a write: record by record, in the answer, in the operation and in its log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.resources import operations
from mockserver.resources.provider_writes import DELETE
from mockserver.rules.work import Work
from mockserver.state.tables import Record


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """What came of one record."""

    identifier: str | None
    data: Mapping[str, Any] | None
    errors: tuple[str, ...]

    def shown(self) -> dict[str, Any]:
        """Return it as a WriteResult. Source: the write API."""
        result: dict[str, Any] = {"success": not self.errors}
        if self.identifier is not None and not self.errors:
            result["recordId"] = self.identifier
        return result if self.data is None else {**result, "data": dict(self.data)}


@dataclass(frozen=True, slots=True)
class Written:
    """A write that has ended: the operation, and what came of each record."""

    operation: Record
    outcomes: Sequence[RecordOutcome]
    is_batch: bool

    @property
    def failed(self) -> bool:
        """Whether nothing was written at all."""
        return all(outcome.errors for outcome in self.outcomes)

    def shown(self) -> dict[str, Any]:
        """Return the answer of the write API: of a record, or of a batch."""
        operation_id = self.operation["id"]
        if not self.is_batch:
            return self._of_record(operation_id)
        failures = sum(1 for outcome in self.outcomes if outcome.errors)
        answer: dict[str, Any] = {
            "operationId": operation_id,
            "results": [outcome.shown() for outcome in self.outcomes],
            "successCount": len(self.outcomes) - failures,
            "failureCount": failures,
        }
        errors = [{"message": text} for text in told(self.outcomes, is_batch=True)]
        return {**answer, "errors": errors} if errors else answer

    def _of_record(self, operation_id: str) -> dict[str, Any]:
        outcome = self.outcomes[0]
        answer = {"operationId": operation_id, "result": outcome.shown()}
        if not outcome.errors:
            return answer
        return {**answer, "errors": [{"message": text} for text in outcome.errors]}


def told(outcomes: Sequence[RecordOutcome], *, is_batch: bool) -> list[str]:
    """Return every error, with the place of its record where there are several."""
    return [
        f"batch[{number}]: {text}" if is_batch else text
        for number, outcome in enumerate(outcomes)
        for text in outcome.errors
    ]


def conclude(
    work: Work, operation: Record, kind: str, outcomes: Sequence[RecordOutcome], *, is_batch: bool
) -> Written:
    """End an operation with what came of its records.

    Source: Operation (`result`, `successfulRecordIds`). Assumed: an operation has failed as soon
    as one of its records was refused, as its notification says too.
    """
    name = operation["plan"]["objectName"]
    failures = sum(1 for outcome in outcomes if outcome.errors)
    refused = f"[{name}] Error writing to provider"
    if is_batch:
        text = f"Batch write completed ({len(outcomes) - failures} succeeded, {failures} failed)"
    else:
        text = refused if failures else f"[{name}] Write completed"
    sent = f"Sent {len(outcomes)} of {name} to the provider"
    operations.log(work, operation, "DEBUG", sent, request=f"{kind} {name}")
    for error in told(outcomes, is_batch=is_batch):
        operations.log(work, operation, "ERROR", refused, error=error)
    facts = {} if kind == DELETE else {"successfulRecordIds": written_ids(outcomes)}
    ended = operations.end(work, operation, "failure" if failures else "success", text, **facts)
    operations.log(work, ended, "WARNING" if failures else "INFO", text)
    return Written(ended, outcomes, is_batch)


def written_ids(outcomes: Sequence[RecordOutcome]) -> list[str]:
    """Return the ids of the records that were written."""
    return [one.identifier for one in outcomes if one.identifier is not None and not one.errors]
