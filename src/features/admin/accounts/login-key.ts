/** Returns a login as it is compared. Logins differ by more than case and width of letters. */
export const loginKey = (login: string): string => login.trim().normalize('NFKC').toLowerCase();
