/** The theme of the screens. `system` follows the setting of the browser. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "crossline.theme";

/** Returns the theme that the person chose in this browser. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(key);
  return themes.find((theme) => theme === stored) ?? "system";
}

/** Applies a theme, and keeps it for the next visit. */
export function applyTheme(theme: Theme = storedTheme()): void {
  localStorage.setItem(key, theme);
  document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
}
