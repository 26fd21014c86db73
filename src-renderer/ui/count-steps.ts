/** The steps that an axis of counts is divided by: whole ones, since labels are whole numbers. */
export const COUNT_STEPS: readonly number[] = Array.from({ length: 16 }, (_, power) =>
  [1, 2, 5].map(digit => digit * 10 ** power),
).flat()
