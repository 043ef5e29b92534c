/** Light, dark, or what the system says; remembered in this browser. */

export type Theme = 'system' | 'light' | 'dark';

const NAME = 'parseflow-theme';

function remembered(): Theme {
  try {
    const found = localStorage.getItem(NAME);
    return found === 'light' || found === 'dark' ? found : 'system';
  } catch {
    return 'system';
  }
}

class ThemeChoice {
  current = $state<Theme>(remembered());

  choose(theme: Theme): void {
    this.current = theme;
    try {
      localStorage.setItem(NAME, theme);
    } catch {
      // A browser that keeps nothing still shows the choice until it is closed.
    }
    this.apply();
  }

  apply(): void {
    document.documentElement.dataset.theme = this.current;
  }
}

export const theme = new ThemeChoice();
