"""Many networks at once, their lanes in the last axis of every array: `vmap` for very small networks.

`jax.vmap` puts lanes first. A small network's arrays then end in a handful of numbers, its products are
hundreds of calls, and each elementwise loop is short: on a processor that costs several times the
arithmetic. With lanes last, what lies side by side in memory is the same number of each network, and
everything, products included, becomes long elementwise loops. The same operations in the same order;
`vmap` serves those that gain nothing.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.core import ClosedJaxpr, Literal

# So many terms of a product's sum are written out; more are a loop over as many.
TERMS = 4

# The n-ary operations: operands of one shape, or scalars.
_ELEMENTWISE = frozenset((
    "abs", "add", "add_any", "and", "ceil", "clamp", "convert_element_type", "copy", "cos", "div", "eq",
    "erf", "exp", "exp2", "expm1", "floor", "ge", "gt", "integer_pow", "is_finite", "le", "log", "log1p",
    "logistic", "lt", "max", "min", "mul", "ne", "neg", "not", "or", "pow", "rem", "round", "rsqrt",
    "select_n", "sign", "sin", "sqrt", "square", "stop_gradient", "sub", "tan", "tanh", "xor"))
# Those whose parameters name axes from the front, which stay where they are.
_SAME = frozenset((
    "reduce_sum", "reduce_max", "reduce_min", "reduce_prod", "reduce_and", "reduce_or", "argmax", "argmin",
    "squeeze", "concatenate", "rev"))
# Those that hold a function, which is looked into.
_CALLS = {"jit": "jaxpr", "pjit": "jaxpr", "closed_call": "call_jaxpr", "custom_jvp_call": "call_jaxpr",
          "custom_vjp_call": "call_jaxpr", "remat2": "jaxpr", "checkpoint": "jaxpr"}


def trailing(function: Callable[..., Any], in_lanes: Any, lanes: int) -> Callable[..., Any]:
    """`function` for `lanes` networks at once, as `jax.vmap(function, in_axes, out_axes=-1)` would have it.

    in_lanes: a tree of bools, a prefix of the arguments': which have a last axis of lanes. All that is
    returned has one.
    """
    def many(*arguments: Any) -> Any:
        leaves, tree = jax.tree.flatten(arguments)
        flags = jax.tree.leaves(jax.tree.map(
            lambda flag, part: jax.tree.map(lambda _: flag, part), in_lanes, arguments))
        own = [jax.ShapeDtypeStruct(jnp.shape(leaf)[:-1] if flag else jnp.shape(leaf), jnp.result_type(leaf))
               for leaf, flag in zip(leaves, flags, strict=True)]
        program, shapes = jax.make_jaxpr(function, return_shape=True)(*jax.tree.unflatten(tree, own))
        found = _evaluated(program, list(zip(leaves, flags, strict=True)), lanes)
        return jax.tree.unflatten(jax.tree.structure(shapes), [
            value if flag else _spread(value, lanes) for value, flag in found])

    return many


# A value and whether it has lanes.
_Value = tuple[Any, bool]


def _evaluated(program: ClosedJaxpr, arguments: list[_Value], lanes: int) -> list[_Value]:
    """What `program` makes of `arguments`, one operation after another."""
    known: dict[Any, _Value] = dict(zip(program.jaxpr.invars, arguments, strict=True))
    known |= {variable: (value, False)
              for variable, value in zip(program.jaxpr.constvars, program.consts, strict=True)}

    def read(atom: Any) -> _Value:
        return (atom.val, False) if isinstance(atom, Literal) else known[atom]

    for equation in program.jaxpr.eqns:
        found = _applied(equation, [read(atom) for atom in equation.invars], lanes)
        known |= dict(zip(equation.outvars, found, strict=True))
    return [read(atom) for atom in program.jaxpr.outvars]


def _applied(equation: Any, values: list[_Value], lanes: int) -> list[_Value]:
    primitive, parameters, name = equation.primitive, equation.params, equation.primitive.name
    operands, flags = [value for value, _ in values], [flag for _, flag in values]
    if name in _CALLS:
        inner = parameters[_CALLS[name]]
        return _evaluated(inner, values, lanes)
    if not any(flags):
        found = primitive.bind(*operands, **parameters)
        return [(one, False) for one in (found if primitive.multiple_results else [found])]
    shape = equation.outvars[0].aval.shape
    if name in _ELEMENTWISE:
        return [(primitive.bind(*(_full(*value, shape, lanes) for value in values), **parameters), True)]
    if name in _SAME:
        return [(primitive.bind(*(value if flag else _spread(value, lanes) for value, flag in values),
                                **parameters), True)]
    if name in _RULES:
        found = _RULES[name](operands, flags, parameters, lanes)
        if found is not None:
            return [(found, True)]
    axes = [-1 if flag else None for flag in flags]
    found = jax.vmap(lambda *some: primitive.bind(*some, **parameters), axes, -1)(*operands)
    return [(one, True) for one in (found if primitive.multiple_results else [found])]


def _spread(value: Any, lanes: int) -> Any:
    """`value` with a last axis, the same in each lane."""
    return jnp.broadcast_to(jnp.asarray(value)[..., None], (*np.shape(value), lanes))


def _full(value: Any, flag: bool, shape: tuple[int, ...], lanes: int) -> Any:
    """An operand as large as the result: scalars are spread over it."""
    own = np.ndim(value) - flag
    axes = (*range(own), len(shape)) if flag else tuple(range(own))
    return lax.broadcast_in_dim(value, (*shape, lanes), axes)


def _broadcast(operands: list[Any], flags: list[bool], parameters: dict[str, Any], lanes: int) -> Any:
    shape, axes = parameters["shape"], parameters["broadcast_dimensions"]
    return lax.broadcast_in_dim(operands[0], (*shape, lanes), (*axes, len(shape)))


def _reshaped(operands: list[Any], flags: list[bool], parameters: dict[str, Any], lanes: int) -> Any:
    return lax.reshape(operands[0], (*parameters["new_sizes"], lanes))


def _transposed(operands: list[Any], flags: list[bool], parameters: dict[str, Any], lanes: int) -> Any:
    return lax.transpose(operands[0], (*parameters["permutation"], len(parameters["permutation"])))


def _sliced(operands: list[Any], flags: list[bool], parameters: dict[str, Any], lanes: int) -> Any:
    strides = parameters["strides"]
    return lax.slice(operands[0], (*parameters["start_indices"], 0), (*parameters["limit_indices"], lanes),
                     strides and (*strides, 1))


def _sliced_somewhere(operands: list[Any], flags: list[bool], parameters: dict[str, Any],
                      lanes: int) -> Any:
    if any(flags[1:]):
        return None
    return lax.dynamic_slice(operands[0], (*operands[1:], np.int32(0)), (*parameters["slice_sizes"], lanes))


def _padded(operands: list[Any], flags: list[bool], parameters: dict[str, Any], lanes: int) -> Any:
    return None if flags[1] else lax.pad(operands[0], operands[1], (*parameters["padding_config"], (0, 0, 0)))


def _gathered(operands: list[Any], flags: list[bool], parameters: dict[str, Any], lanes: int) -> Any:
    numbers, sizes = parameters["dimension_numbers"], parameters["slice_sizes"]
    operand, indices = operands
    own, places = np.ndim(operand) - flags[0], np.ndim(indices) - flags[1]
    if flags[1]:  # the axis that holds an index stays the last one
        indices = jnp.moveaxis(indices, -1, -2)
    if all(flags):
        numbers, sizes = numbers._replace(
            operand_batching_dims=(*numbers.operand_batching_dims, own),
            start_indices_batching_dims=(*numbers.start_indices_batching_dims, places - 1)), (*sizes, 1)
    elif flags[0]:
        rank = places - 1 + len(numbers.offset_dims)
        numbers, sizes = numbers._replace(offset_dims=(*numbers.offset_dims, rank)), (*sizes, lanes)
    return lax.gather(operand, indices, numbers, sizes, mode=parameters["mode"],
                      indices_are_sorted=parameters["indices_are_sorted"],
                      fill_value=parameters["fill_value"])


def _product(operands: list[Any], flags: list[bool], parameters: dict[str, Any], lanes: int) -> Any:
    """A product of matrices: the sum, over what they share, of one's columns times the other's rows."""
    (left_axes, right_axes), batch = parameters["dimension_numbers"]
    if len(left_axes) != 1 or any(batch):
        return None
    left, right = (value if flag else jnp.asarray(value)[..., None]
                   for value, flag in zip(operands, flags, strict=True))
    (left_axis,), (right_axis,) = left_axes, right_axes
    rows, length = left.ndim - 2, left.shape[left_axis]
    shape = (*np.delete(left.shape[:-1], left_axis), *np.delete(right.shape[:-1], right_axis), lanes)
    last = len(shape) - 1

    def more(first: Any, count: int, total: Any) -> Any:
        for place in range(count):
            at = lax.add(first, np.int32(place))
            column, row = _taken(left, left_axis, at), _taken(right, right_axis, at)
            total = lax.add(total, lax.mul(lax.broadcast_in_dim(column, shape, (*range(rows), last)),
                                           lax.broadcast_in_dim(row, shape, range(rows, len(shape)))))
        return total

    total, loops = lax.full(shape, 0, left.dtype), length // TERMS
    if loops > 1:
        total = lax.fori_loop(0, loops, lambda number, total: more(
            lax.mul(number, np.int32(TERMS)), TERMS, total), total)
        return more(np.int32(loops * TERMS), length % TERMS, total)
    return more(np.int32(0), length, total)


def _taken(array: Any, axis: int, place: Any) -> Any:
    """What lies at one place of an axis, which is gone then."""
    begin, sizes = [np.int32(0)] * array.ndim, list(array.shape)
    begin[axis], sizes[axis] = place, 1
    return lax.squeeze(lax.dynamic_slice(array, begin, sizes, allow_negative_indices=False), (axis,))


_RULES: dict[str, Callable[..., Any]] = {
    "broadcast_in_dim": _broadcast, "reshape": _reshaped, "transpose": _transposed, "slice": _sliced,
    "dynamic_slice": _sliced_somewhere, "gather": _gathered, "pad": _padded, "dot_general": _product}
