/** The frame of the standalone settings. */
export const settingsWords = {
  nav: {
    label: "Settings",
    billing: "Billing",
    members: "Members",
    account: "Account",
    keys: "Keys",
    webhooks: "Webhooks",
    notifications: "Notifications",
  },
  menu: {
    label: (account: string) => `Account: ${account}`,
    current: "Current",
    switchTo: (account: string) => `Go to ${account}`,
    signOut: "Sign out",
    signingOut: "Signing out",
  },
  shell: {
    language: "Language",
    testMode: "Test mode: no real money moves.",
    accountTime: (moment: string) => `Account time: ${moment}.`,
  },
};
