// Loaded before the first paint by pages that wear django-unfold's styles, where a class and no media query says
// that it is dark: the class follows the system.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = (): void => {
  document.documentElement.classList.toggle("dark", dark.matches);
};
follow();
dark.addEventListener("change", follow);
