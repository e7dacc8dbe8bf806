"""What the ground floor does in the background."""

from django_tasks import task

from allmende.ground import delivery


@task(queue_name="mail")
def deliver(letter: int) -> None:
    """Bring one letter away."""
    delivery.deliver(letter)
