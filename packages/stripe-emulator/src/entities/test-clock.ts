/** A frozen clock that customers may live on. */
export interface TestClock {
  id: string;
  created: number;
  frozen_time: number;
}
