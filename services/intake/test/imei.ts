let serial = 0;

/** Returns a valid IMEI that this process has not used before. */
export function imei(): string {
  const digits = `35${String(++serial).padStart(12, "0")}`;
  const doubled = digits.split("").map((digit, index) => (index % 2 === 1 ? String(Number(digit) * 2) : digit));
  const sum = doubled
    .join("")
    .split("")
    .reduce((all, digit) => all + Number(digit), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
