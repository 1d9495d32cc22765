// Passkeys on the provider's pages (W3C Web Authentication Level 3). A form with `data-passkey` says which ceremony
// it is: `create`, `get` with the options in `data-options`, or `login`, whose options are fetched when they are
// needed. The forms are hidden until it is clear that this browser can do it here: passkeys belong to a name, never
// to a bare IP address, and to https or localhost.

type Json = Record<string, unknown>;

const bytes = (text: string): Uint8Array<ArrayBuffer> => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
};

const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const descriptors = (given: unknown): PublicKeyCredentialDescriptor[] =>
  ((given ?? []) as { type: "public-key"; id: string }[]).map((one) => ({ ...one, id: bytes(one.id) }));

const creation = (given: Json): PublicKeyCredentialCreationOptions => {
  const options = given as unknown as PublicKeyCredentialCreationOptions & { challenge: string };
  const user = given["user"] as PublicKeyCredentialUserEntity & { id: string };
  return {
    ...options,
    challenge: bytes(options.challenge as unknown as string),
    user: { ...user, id: bytes(user.id as unknown as string) },
    excludeCredentials: descriptors(given["excludeCredentials"]),
    // It signs in alone, so the device keeps it and asks who is there.
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  };
};

const request = (given: Json): PublicKeyCredentialRequestOptions => ({
  ...(given as unknown as PublicKeyCredentialRequestOptions),
  challenge: bytes(given["challenge"] as string),
  allowCredentials: descriptors(given["allowCredentials"]),
});

const answer = (credential: PublicKeyCredential): Json => {
  const response = credential.response;
  const shared = {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
  if (response instanceof AuthenticatorAttestationResponse) {
    return {
      ...shared,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        attestationObject: text(response.attestationObject),
        transports: response.getTransports(),
      },
    };
  }
  const assertion = response as AuthenticatorAssertionResponse;
  return {
    ...shared,
    response: {
      clientDataJSON: text(assertion.clientDataJSON),
      authenticatorData: text(assertion.authenticatorData),
      signature: text(assertion.signature),
      userHandle: assertion.userHandle === null ? null : text(assertion.userHandle),
    },
  };
};

const options = async (form: HTMLFormElement): Promise<Json> => {
  const given = form.dataset["options"];
  if (given !== undefined) {
    return JSON.parse(given) as Json;
  }
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(`The provider answers ${response.status}.`);
  }
  return ((await response.json()) as { request_options: Json }).request_options;
};

const perform = async (form: HTMLFormElement): Promise<Json> => {
  const { publicKey } = (await options(form)) as { publicKey: Json };
  const credential =
    form.dataset["passkey"] === "create"
      ? await navigator.credentials.create({ publicKey: creation(publicKey) })
      : await navigator.credentials.get({ publicKey: request(publicKey) });
  return answer(credential as PublicKeyCredential);
};

const submit = async (form: HTMLFormElement): Promise<void> => {
  const failed = form.querySelector<HTMLElement>("[data-passkey-failed]");
  const field = form.elements.namedItem("credential") as HTMLInputElement;
  try {
    field.value = JSON.stringify(await perform(form));
  } catch {
    // Called off, timed out, or nothing to offer: the browser does not say which.
    failed?.removeAttribute("hidden");
    return;
  }
  form.submit();
};

const possible =
  window.isSecureContext &&
  "PublicKeyCredential" in window &&
  !/^(\d+\.\d+\.\d+\.\d+|\[.*\])$/.test(window.location.hostname);

if (possible) {
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) {
    missing.setAttribute("hidden", "");
  }
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void submit(form);
    });
  }
}
