"""What a page asks of the floors above it; whoever refuses raises."""

from django.dispatch import Signal

# Sent before a page is deleted: the floor that knows what is frozen answers.
deletion_asked = Signal()
# Sent by the editor’s form before it publishes `instance`: each receiver gives the gaps that it finds.
gate_asked = Signal()
# A scheduled publication was refused: `revision`, `error`. Told after the fact; it stays a draft.
schedule_refused = Signal()
