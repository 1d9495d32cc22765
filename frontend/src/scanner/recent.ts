/**
 * The last scans of whoever looks, put where the link to all of them stands. The page is everyone's and the same for
 * all; the list comes after it. Where it does not come, the link stays.
 */
export async function showRecentScans(place: HTMLElement): Promise<void> {
  const address = place.dataset["recentScans"] ?? "";
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (answer.status === 200) {
      place.innerHTML = await answer.text();
    }
  } catch {
    // Without a network there is no list.
  }
}
