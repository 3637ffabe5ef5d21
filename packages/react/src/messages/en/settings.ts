/** The frame of the standalone settings, and its Members and Account screens. */
export const settingsWords = {
  nav: { label: "Settings", billing: "Billing", members: "Members", account: "Account" },
  members: {
    seats: (seats: string, used: string) => `${seats}, ${used} in use`,
  },
  account: {
    you: "You",
    name: "Name",
    email: "E-mail",
    role: "Role",
  },
};
