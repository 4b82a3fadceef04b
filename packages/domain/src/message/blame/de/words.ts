import type { BlameLanguage } from "../language.ts";

/** The words of the German patterns, and the contexts that excuse a match. */
export const words: Omit<BlameLanguage, "language" | "rules"> = {
  words: {
    unkind:
      "nachlässigkeit|fahrlässigkeit|unwissenheit|dummheit|dummheiten|faulheit|schlamperei|leichtsinn|unvernunft|inkompetenz|ignoranz|unachtsamkeit|vergesslichkeit|sturheit|arroganz|schusseligkeit|blödheit|begriffsstutzigkeit|bequemlichkeit|gedankenlosigkeit|unfähigkeit|sorglosigkeit|leichtgläubigkeit|unverschämtheit|uneinsichtigkeit",
    belittling:
      "lächerlich*|absurd*|albern*|kindisch*|dumm|unsinnig*|unverschämt*|überzogen*|übertrieben*|maßlos*|unbegründet*|haltlos*|sinnlos*|naiv*|hysterisch*|unhöflich*|wirr*|chaotisch*|unverständlich*|erfunden*|unrealistisch*|peinlich*|ein witz|weltfremd*|abenteuerlich*|hanebüchen*|frei erfunden|aus der luft gegriffen|realitätsfern*|nervig*|lästig*",
    sie: "sie|du|ihr",
    haben: "haben|hast|habt|hatten|hattest|hattet",
    adv: "offensichtlich|offenbar|anscheinend|scheinbar|wohl|einfach|eindeutig|ganz|klar|ja|doch|halt|eben|nur|wieder|wieder einmal|schon wieder|mal|selbst|selber|auch|leider|wirklich|sicher|sicherlich|wahrscheinlich|bestimmt|ständig|dauernd|immer|immer wieder|nun|nun mal|schlicht|schlichtweg|definitiv|augenscheinlich|schließlich|erneut|trotzdem|natürlich|absichtlich|bewusst|fahrlässig|grob|überhaupt|endlich|bereits|mehrfach|wiederholt|total|völlig|so|sehr|zu|etwas|einmal|vermutlich",
    fault:
      "schuld|fehler|fehlers|versäumnis|versäumnisse|nachlässigkeit|unachtsamkeit|fahrlässigkeit|unwissenheit|unfähigkeit|unkenntnis|dummheit|ungeduld|faulheit|schlamperei|leichtsinn|unvernunft|sorglosigkeit|inkompetenz|ignoranz|fehlverhalten|verschulden|fehlbedienung|bedienungsfehler|eingabefehler|tippfehler|anwenderfehler|versehen|vergesslichkeit|unvorsichtigkeit|gedankenlosigkeit|bequemlichkeit|weigerung|unwille|unwillen|missachtung|mangelnde*|fehlende* (sorgfalt|aufmerksamkeit|geduld|kenntnis*|mitwirkung|vorsicht|bereitschaft|wissen)|unsachgemäße*|falsche (bedienung|handhabung|einstellung|eingabe|nutzung)|falschen (bedienung|handhabung|einstellungen|angaben|umgang)|falsches verhalten|schuldigkeit|untätigkeit|missverständnis|begriffsstutzigkeit|unaufmerksamkeit|unordnung|starrsinn|unverstand|eigensinn|achtlosigkeit|planlosigkeit|unerfahrenheit|bedienfehler",
    polite:
      "erhalten|bekommen|gekriegt|erreicht|empfangen|gehört|verursacht|verschuldet|verdient|gewollt|gebraucht|verloren|verpasst|gefunden|gesehen|gewusst|falsch|bestellt|vergessen|verlangt|erwartet|gewünscht|erfahren|angerufen|umsonst|vergeblich|gebeten|beauftragt|verstoßen|gewählt|begangen",
    pp: "ge*t|ge*en|*ge*t|*ge*en|*iert|be*t|ver*|über*t|unter*|er*t|be*en|ent*|auf*zu*|*zu*en|wider*|kontaktiert|neu",
    fail: "vergessen|versäumt|unterlassen|ignoriert|missachtet|übersehen|überlesen|überhört|verschlampt|verschwiegen|vernachlässigt|verwechselt|missverstanden|fehlinterpretiert|verbockt|vermasselt|verpfuscht|verpennt|verschlafen|kaputt*|beschädigt|zerstört|ruiniert|verweigert|missbraucht|verstoßen|ausgelöst|verursacht|verschuldet|herbeigeführt|provoziert|manipuliert|herumgespielt|rumgespielt|herumgebastelt|geschlampt|gepfuscht|vertippt|verlesen|verklickt|geirrt|getäuscht|gelöscht|fallen (lassen|gelassen)|verlegt|übergangen|überschritten|verschludert|versaut|zerbrochen|vergeigt|gelogen|verschleppt|überfordert|verdreht|abgewürgt",
    wrong:
      "falsch|falsche|falschen|falscher|falsches|fehlerhaft|fehlerhafte|fehlerhaften|unsachgemäß|unsachgemäße*|verkehrt|verkehrte*|unvollständig|unvollständige*|unzureichend|unzulässig|schlampig|nachlässig|unbedacht|leichtfertig|fahrlässig|unüberlegt|zu spät|ungenau|unberechtigt|eigenmächtig|mutwillig|ungefragt|grundlos|unnötig*|unsinn|mist|chaos|blödsinn|unfug|quatsch|vorschnell|voreilig|rücksichtslos|trotz (warnung|unserer|mehrfach*|unserem|wiederholt*)|auf eigene faust|ohne (nach|rück|zu|uns zu fragen|unsere|erlaubnis|grund|vorher)",
    lesen:
      "lesen|liest|lest|lies|schauen|schau|schaut|beachten|beachte|prüfen|prüfe|überprüfen|nachsehen|nachschauen|nachlesen|zuhören|aufpassen|denken|nachdenken|überlegen|informieren|lernen|kümmern|halten|befolgen|sichern|hinsehen|hinschauen|vergewissern|verstehen|begreifen|nachdenken|achten|fragen|kontrollieren|ansehen|anschauen|testen|studieren|konsultieren|werfen|üben|bemühen|zusammenreißen|anstrengen|machen|googeln|suchen|sehen|melden|passt|hören|hört|aufpassen|planen|durchlesen|wechseln|umgehen|nutzen|benutzen",
  },
  barriers:
    "wir|ich|man|niemand|keiner|keine|aber|sondern|weil|dass|wenn|falls|ob|und|nichts|nicht|nie|kein|keinen|keineswegs|wo|was|unser kollege|unser techniker",
  excuses: {
    before: [
      "(falls|ob|sofern|sollten|wenn) _3",
      "(wenn|falls) (sie|du) ~5",
      "(wir|ich|niemand|keiner) _3",
      "(wir|ich|uns) ~24 (und|aber|doch|oder) [wir|ich] (haben|habe|hatten|hatte|konnten|werden|wurden|wollten)",
      "(nicht|nie|niemand|nichts) ~4 , (dass|als ob|als hätten) ~2",
      "(möglich|vielleicht|möglicherweise|eventuell|womöglich|kann sein) [,] [dass] ~2",
      "(wir|unser*) ~8 (falsch*|zu spät|fehler|vergessen|versäumt|unklar|nicht) ~5 [,] (sodass|so dass|weshalb|deshalb|daher|darum) ~4",
    ],
    after: [
      "~12 (weil|da|denn|, die|, den|, das|, deren|wofür|, als|wegen|durch) (wir|unser*|ich|der fehler|eines fehlers|die|eine) ~10 (falsch*|zu spät|spät|verspätet|nicht|nie|fehler*|vergessen|unklar*|veraltet*|kaputt|gesperrt|vertauscht|versteckt|gefehlt|fehlt|fehlte|gestört|ausgefallen|verloren|schlecht|missverständlich|widersprüchlich|unser*|verwechselt|versäumt|unvollständig|unverständlich|spam|defekt|verloren)",
      "~6 [,] (das|aber das|und das) (ist|war|lag|liegt) ~2 (unser*|an uns|bei uns)",
    ],
    reported: [
      "(gut|schön|toll|froh|richtig|erleichtert|glück|prima|freut) [mich|uns] [,] dass ~1",
      "(wir|ich) [<adv>] (hätten|hätte|sollten|sollte) ~4",
      "(danke|dank|danken|bedanke*) ~2 , [dass] ~1",
      "(leid|entschuldig*|bedauer*|falsch|unangemessen|inakzeptabel|nie|nicht in ordnung|unhöflich|unmöglich|hätte nicht|darf nicht) ~12 (gesagt|behauptet|vorgeworfen|geschrieben|eindruck|unterstellt|klang|gefühl|sagte|schrieb|hieß|sagen|vorwurf|unterstellen|behaupten) ~5",
      "(tut uns leid|entschuldig*) ~3 , (wenn|falls) (es|das|unsere|der) ~6 (klang|wirkte|ankam) ~6",
      "(<sie>) [uns] (schreiben|schrieben|sagen|sagten|meinen|glauben|denken) [uns] , [dass] ~2",
    ],
  },
};
