/**
 * A pure function that remembers its last answer: in a batch the same is asked over and over, an instant's day or the
 * name of the running window's account, and dates are dear to compute.
 */
export function remembersLast<Result>(compute: (argument: number) => Result): (argument: number) => Result {
  let last: { readonly argument: number; readonly result: Result } | undefined;
  return (argument) => {
    if (last?.argument !== argument) last = { argument, result: compute(argument) };
    return last.result;
  };
}
