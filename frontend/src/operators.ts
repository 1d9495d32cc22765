// The operators' console: django-unfold's pages with the build of Alpine.js that needs no eval, so that they live
// under the same strict policy as every other page.
//
// That build reads expressions with a parser of its own and shows them no globals: what unfold's templates use of
// those is named here. The functions are unfold's own, from its app.js, which stands before this script.
import Alpine from "@alpinejs/csp";

declare global {
  interface Window {
    Alpine: typeof Alpine;
    theme: (theme?: string) => object;
    searchForm: () => object;
  }
}

const SIDEBAR = "sidebarDesktopOpen";

const page = () => ({
  activeTab: "general",
  sidebarMobileOpen: false,
  sidebarDesktopOpen: localStorage.getItem(SIDEBAR) !== "0",
  window: { location: { pathname: location.pathname, search: location.search } },
  toggleSidebar() {
    this.sidebarDesktopOpen = !this.sidebarDesktopOpen;
    localStorage.setItem(SIDEBAR, this.sidebarDesktopOpen ? "1" : "0");
  },
});

window.Alpine = Alpine;
Alpine.data("page", page);
Alpine.data("theme", window.theme);
Alpine.data("searchForm", window.searchForm);
Alpine.start();
