"""Properties that are worked out once."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class once(Generic[Value]):  # noqa: N801
    """Works a property out when it is first asked for, and keeps it with its object.

    Python 3.11's `functools.cached_property` does the same behind a lock, which takes longer than most figures of a
    view do.
    """

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self._make, self._name = make, make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> "Value | Self":
        """Return the value; from then on the object's own attribute answers."""
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._make(instance)
        return value
