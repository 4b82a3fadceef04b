import type { BlameLanguage } from "../language.ts";

/** The words of the French patterns, and the contexts that excuse a match. */
export const words: Omit<BlameLanguage, "language" | "rules"> = {
  words: {
    unkind:
      "négligence|négligences|incompétence|ignorance|bêtise|bêtises|stupidité|paresse|maladresse|étourderie|imprudence|inattention|entêtement|arrogance|naïveté|insouciance|idiotie|sottise|mauvaise foi|fainéantise|désinvolture|inconscience",
    belittling:
      "ridicul*|absurde*|risible*|déraisonnable*|puéril*|stupide*|infantile*|exagéré*|démesuré*|excessi*|infondé*|sans fondement|inutile*|naïf*|naïve*|hystérique*|insultant*|incohérent*|incompréhensible*|confus*|chaotique*|n importe quoi|fantaisiste*|délirant*|grotesque*|imaginaire*|une plaisanterie|irréaliste*|lamentable*|pitoyable*|hors de propos|inventé*|bidon",
    avez: "avez|as|aviez|avais|aurez|ayez",
    adv: "manifestement|visiblement|apparemment|évidemment|clairement|sans doute|certainement|probablement|sûrement|simplement|tout simplement|encore|encore une fois|toujours|déjà|bien|vraiment|donc|pourtant|même|vous même|toi même|vous mêmes|jamais|trop|tout|aussi|assez|peut être même|délibérément|volontairement|sciemment|systématiquement|constamment|sans cesse|de toute évidence|totalement|complètement|tout bonnement|seulement|juste|vite|correctement|attentivement|non plus|souvent|rien|négligemment|imprudemment|certes|forcément|stupidement|bêtement|purement et simplement|à plusieurs reprises|tout seul|une fois de plus",
    fault:
      "faute|fautes|erreur|erreurs|négligence|négligences|imprudence|inattention|ignorance|incompétence|incapacité|maladresse|distraction|bêtise|impatience|paresse|étourderie|mauvaise foi|mauvaise manipulation|mauvaise utilisation|mauvais usage|manque de|manque d|manquement|oubli|oublis|méconnaissance|refus de|refus d|comportement|laisser aller|insouciance|irresponsabilité|méprise|mauvaise volonté|inaction|légèreté|désinvolture|inexpérience|désordre|fausse manœuvre|fausse manipulation|entêtement|bévue|agitation|lenteur|inconscience|problème à vous",
    polite:
      "reçu|reçue|reçus|eu|été|obtenu|entendu|pu|perdu|trouvé|mérité|causé|demandé|voulu|besoin|à|a|provoqué|commis|cassé|tort|eus|accès|réussi à nous|choisi|connu|aperçu|souhaité|de raison|souscrit|manqué|raté|oublié|encore|dit si|moins|eu de|de|d|attendu|changé|su|abîmé|fait (d|de|quoi|la moindre)|l obligation|plus (à|besoin|de)|failli|vu",
    pp: "*é|*ée|*és|*ées|lu|lue|lus|suivi|suivies|suivie|suivis|compris|comprise|fait|faite|fourni|fournis|rempli|remplie|répondu|mis|mise|pris|prise|prévenu|averti|dit|écrit|tenu|ouvert|relu|réfléchi|choisi|appris|averti|transmis|remis|averties|joint|agi|entretenu|permis|rendu|soumis|saisi|vérifié|lues|retenu|souscrit|réagi|garanti|cru|voulu (lire|écouter|comprendre|suivre|entendre)|daigné|su (lire|lire|suivre|faire|utiliser|configurer|écouter)|pensé|pris (la peine|le temps|soin)|l air",
    fail: "oublié|omis|négligé|ignoré|refusé|manqué à|raté|confondu|cassé|endommagé|détruit|supprimé|effacé|gaspillé|enfreint|violé|saboté|gâché|bâclé|abîmé|provoqué|causé|déclenché|engendré|trafiqué|bricolé|touché à|insisté|tardé|traîné|menti|perdu votre|perdu le|laissé tomber|laissé traîner|laissé passer|laissé expirer|laissé|fait n importe quoi|fait exprès|dépassé|abusé|mélangé|échoué à|failli à|fait tomber|renversé|mal*|modifié|débranché|désactivé|exagéré|fait preuve|contrevenu|tout faussé|faussé|interverti|sauté|zappé|perdu patience|cherché|préféré ignorer|attendu trop|attendu le dernier|déréglé|égaré|fait une (erreur|bêtise|fausse)|commis (une|l|cette|des|plusieurs)",
    wrong:
      "mauvais|mauvaise|mauvaises|mal|incorrectement|incorrect|incorrecte|incorrects|incorrectes|erroné|erronée|erronés|erronées|faux|fausse|fausses|à l envers|de travers|n importe (quoi|comment|où)|à tort|trop tard|par erreur|sans autorisation|sans (notre|nous|prévenir|réfléchir|vérifier|lire|raison|précaution|attendre|regarder|consulter)|malgré (nos|notre|les|plusieurs)|incomplet|incomplète|incomplètes|inexact|inexacte*|abusivement|inutilement|imprudemment",
    lire: "lire|lisez|lis|consulter|consultez|consulte|vérifier|vérifiez|vérifie|regarder|regardez|regarde|écouter|écoutez|écoute|suivre|suivez|réfléchir|réfléchissez|réfléchis|penser|pensez|pense|apprendre|apprenez|apprends|essayer|essayez|faire|faites|fais|prendre|prenez|relire|relisez|tester|testez|étudier|respecter|respectez|être|soyez|sois|informer|informez|renseigner|renseignez|veiller|veillez|évitez|éviter|tâcher|tâchez|songer|songez|jeter|jetez|demander|assurer|assurez|gardez|garder|comprendre|chercher|cherchez|préparer|noter|notez|anticiper|utiliser|parcourir|montrer|montrez",
    manuel:
      "manuel|notice|mode d emploi|guide|faq|documentation|instructions|consignes|conditions|contrat|article|articles|courriel|courriels|mail|mails|e mail|message|messages|lettre|courrier|page|site|base de connaissances|aide|étapes|règlement|facture|tutoriel|ce qu|rubrique|foire",
  },
  barriers:
    "nous|on|je|j|il|elle|ils|notre|nos|personne|aucun|mais|si|que|qu|et|car|parce|quand|ne|n|sans|ni|pas|jamais|rien|où|dont",
  excuses: {
    before: [
      "(si|s il se peut que|au cas où|dans le cas où|peut être que|il est possible que|il se peut que|possible que|même si|lorsque nous) ~3",
      "(personne|nous ne|je ne|on ne|n avons pas|ne disons|ne pensons|sans vouloir dire|rien ne) ~3 (dit|dis|dire|pense*|pensons|disons|reproch*|prétend*|croyons|attend*|affirm*) ~1 que ~2",
      "(nous|notre|nos) ~8 (trop tard|mauvais*|oublié|erreur|faute|omis|incorrect*|pas) ~5 (donc|c est pourquoi|si bien que|de sorte que|alors) ~4",
    ],
    after: [
      "~12 (car|parce qu*|puisqu*|comme|que|qui|, qu*|, dont|à cause de|en raison d*|faute d*|du fait de) (nous|notre|nos|l erreur|une erreur|la page|le lien|je|il|elle|un) ~9 (trop tard|tard|mauvais*|pas|jamais|erreur*|faute|oublié*|confus*|incomplet*|incomplète*|obsolète*|périmé*|caché*|panne|retard|mal|erroné*|manqu*|illisible*|peu clair*|bloqué*|fausse|faux|ambigu*|inaccessible*|perdu*|introuvable*|spam|indésirable*|notre part)",
      "~6 [,] (mais|et) (c est|c était|cela est|la faute|l erreur) ~3 (notre|nous|nôtre|à nous)",
    ],
    reported: [
      "(merci|remerci*) ~2 (de|d|pour) ~2",
      "(nous|je|j|on) [<adv>] (aurions|aurais|aurait|devions|devrions|devrais|aurions toujours) [<adv>] [dû|du|pu] ~3",
      "(désolé*|excus*|regrett*|inacceptable|déplacé*|pardon*|navré*|inadmissible|n aurait|n aurions|n aurais|jamais|à tort|honte|anormal) ~12 (dit|dire|laissé entendre|écrit|reproché*|sentiment|impression|prétendu|répondu|accusé*|insinué|suggér*|sous entend*|affirmé) ~6",
      "vous [nous] (dites|écrivez|pensez|avez (écrit|dit)|indiquez|croyez) (que|qu) ~2",
    ],
  },
};
