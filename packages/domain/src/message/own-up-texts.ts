/** The languages of a draft: ISO 639-1. */
export const draftLanguages = ["en", "fr", "de", "es"] as const;
export type DraftLanguage = (typeof draftLanguages)[number];

/** An obligation to the customer for which a draft has a sentence. */
export type OwedObligation = "first-response" | "next-update" | "reply" | "resolution" | "need-by";

/** The sentences of a draft in one language. Instants are given as text in the language and zone of the customer. */
export type DraftTexts = {
  readonly greeting: (name: string | undefined) => string;
  readonly first: (at: string) => string;
  readonly attempts: (count: number) => string;
  readonly late: Readonly<Record<OwedObligation, (due: string) => string>>;
  readonly stillOwed: string;
  readonly metAt: (at: string) => string;
  readonly brokenPromise: (until: string) => string;
  readonly returned: (count: number) => string;
  readonly failedMessage: string;
  readonly ourFault: string;
  /** The place that a person must fill before the message is sent. */
  readonly next: string;
};

/** The sentences of a draft. The company is the subject of each sentence about a mistake, and the customer never is. */
export const draftTexts: Readonly<Record<DraftLanguage, DraftTexts>> = {
  en: {
    greeting: (name) => (name === undefined ? "Hello," : `Hello ${name},`),
    first: (at) => `Your first message reached us on ${at}.`,
    attempts: (count) => `We let you contact us ${count} times.`,
    late: {
      "first-response": (due) => `We owed you a first answer by ${due}, and we did not give it in time.`,
      "next-update": (due) => `We owed you an answer by ${due}, and we did not give it in time.`,
      reply: (due) => `We owed you a reply by ${due}, and we did not give it in time.`,
      resolution: (due) => `We owed you a solution by ${due}, and we did not deliver it in time.`,
      "need-by": (due) => `You needed a solution by ${due}, and we did not deliver it in time.`,
    },
    stillOwed: "We still owe it to you.",
    metAt: (at) => `It came only on ${at}.`,
    brokenPromise: (until) => `We made you a promise for ${until}, and we did not keep it.`,
    returned: (count) => `We and another company passed your case back ${count === 1 ? "once" : `${count} times`}.`,
    failedMessage: "One of our messages did not reach you.",
    ourFault: "This was our fault. We are sorry.",
    next: "[Describe the next step, its owner and its time.]",
  },
  fr: {
    greeting: (name) => (name === undefined ? "Bonjour," : `Bonjour ${name},`),
    first: (at) => `Votre premier message nous est parvenu le ${at}.`,
    attempts: (count) => `Nous vous avons laissé nous contacter ${count} fois.`,
    late: {
      "first-response": (due) =>
        `Nous vous devions une première réponse avant le ${due} et nous ne l’avons pas donnée à temps.`,
      "next-update": (due) => `Nous vous devions une réponse avant le ${due} et nous ne l’avons pas donnée à temps.`,
      reply: (due) => `Nous vous devions une réponse avant le ${due} et nous ne l’avons pas donnée à temps.`,
      resolution: (due) => `Nous vous devions une solution avant le ${due} et nous ne l’avons pas fournie à temps.`,
      "need-by": (due) => `Il vous fallait une solution avant le ${due} et nous ne l’avons pas fournie à temps.`,
    },
    stillOwed: "Nous vous la devons toujours.",
    metAt: (at) => `Elle n’est arrivée que le ${at}.`,
    brokenPromise: (until) => `Nous vous avions fait une promesse pour le ${until} et nous ne l’avons pas tenue.`,
    returned: (count) =>
      `Une autre entreprise et nous-mêmes nous sommes renvoyé votre dossier ${count === 1 ? "une fois" : `${count} fois`}.`,
    failedMessage: "Un de nos messages ne vous est pas parvenu.",
    ourFault: "C’est notre faute. Nous vous présentons nos excuses.",
    next: "[Dites ce qui va se passer, qui s’en occupe et quand.]",
  },
  de: {
    greeting: (name) => (name === undefined ? "Guten Tag," : `Guten Tag ${name},`),
    first: (at) => `Ihre erste Nachricht hat uns am ${at} erreicht.`,
    attempts: (count) => `Wir haben es dazu kommen lassen, dass Sie sich ${count}-mal melden mussten.`,
    late: {
      "first-response": (due) =>
        `Wir schuldeten Ihnen bis zum ${due} eine erste Antwort und haben sie nicht rechtzeitig gegeben.`,
      "next-update": (due) =>
        `Wir schuldeten Ihnen bis zum ${due} eine Antwort und haben sie nicht rechtzeitig gegeben.`,
      reply: (due) => `Wir schuldeten Ihnen bis zum ${due} eine Antwort und haben sie nicht rechtzeitig gegeben.`,
      resolution: (due) => `Wir schuldeten Ihnen bis zum ${due} eine Lösung und haben sie nicht rechtzeitig geliefert.`,
      "need-by": (due) => `Sie brauchten bis zum ${due} eine Lösung, und wir haben sie nicht rechtzeitig geliefert.`,
    },
    stillOwed: "Wir schulden sie Ihnen noch immer.",
    metAt: (at) => `Sie kam erst am ${at}.`,
    brokenPromise: (until) => `Wir haben Ihnen etwas bis zum ${until} zugesagt und die Zusage nicht gehalten.`,
    returned: (count) =>
      `Ein anderes Unternehmen und wir haben Ihren Fall ${count === 1 ? "einmal" : `${count}-mal`} hin und her gegeben.`,
    failedMessage: "Eine unserer Nachrichten hat Sie nicht erreicht.",
    ourFault: "Das war unser Fehler. Wir bitten Sie um Entschuldigung.",
    next: "[Schreiben Sie, was als Nächstes geschieht, wer es tut und wann.]",
  },
  es: {
    greeting: (name) => (name === undefined ? "Buenos días:" : `Buenos días, ${name}:`),
    first: (at) => `Su primer mensaje nos llegó el ${at}.`,
    attempts: (count) => `Dejamos que nos contactara ${count} veces.`,
    late: {
      "first-response": (due) => `Le debíamos una primera respuesta antes del ${due} y no la dimos a tiempo.`,
      "next-update": (due) => `Le debíamos una respuesta antes del ${due} y no la dimos a tiempo.`,
      reply: (due) => `Le debíamos una respuesta antes del ${due} y no la dimos a tiempo.`,
      resolution: (due) => `Le debíamos una solución antes del ${due} y no la entregamos a tiempo.`,
      "need-by": (due) => `Usted necesitaba una solución antes del ${due} y no la entregamos a tiempo.`,
    },
    stillOwed: "Todavía se la debemos.",
    metAt: (at) => `No llegó hasta el ${at}.`,
    brokenPromise: (until) => `Le hicimos una promesa para el ${until} y no la cumplimos.`,
    returned: (count) =>
      `Otra empresa y nosotros nos devolvimos su caso ${count === 1 ? "una vez" : `${count} veces`}.`,
    failedMessage: "Uno de nuestros mensajes no le llegó.",
    ourFault: "Fue culpa nuestra. Le pedimos disculpas.",
    next: "[Diga qué ocurrirá ahora, quién lo hará y cuándo.]",
  },
};
