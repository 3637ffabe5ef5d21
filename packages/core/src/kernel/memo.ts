/**
 * A pure function that remembers its last answer: in a batch the same is asked over and over, an instant's day or the
 * name of the running window's account, and dates are dear to compute.
 */
export function remembersLast<Argument extends number | string, Result>(
  compute: (argument: Argument) => Result,
): (argument: Argument) => Result {
  let last: { readonly argument: Argument; readonly result: Result } | undefined;
  return (argument) => {
    if (last?.argument !== argument) last = { argument, result: compute(argument) };
    return last.result;
  };
}
