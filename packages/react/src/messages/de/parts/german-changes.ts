/** Plans, seats, people and cancelling. */
export { pickerWords as picker } from "../picker.ts";
export { reviewWords as review } from "../review.ts";
export { seatsWords as seatsScreen } from "../people.ts";
export { peopleWords as people } from "../people.ts";
export { cancelWords as cancel } from "../cancel.ts";
export { withdrawalWords as withdrawal } from "../withdrawal.ts";
