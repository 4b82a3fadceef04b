import type { BlameLanguage } from "../language.ts";

/** The words of the Spanish patterns, and the contexts that excuse a match. */
export const words: Omit<BlameLanguage, "language" | "rules"> = {
  words: {
    unkind:
      "negligencia|negligencias|descuido|descuidos|ignorancia|estupidez|pereza|torpeza|incompetencia|imprudencia|imprudencias|dejadez|desidia|terquedad|arrogancia|tontería|tonterías|ineptitud|cabezonería|necedad|vagancia|insensatez|despiste|despistes|mala fe|desfachatez|ingenuidad",
    belittling:
      "ridícul*|absurd*|infantil*|estúpid*|exagerad*|desmesurad*|excesiv*|infundad*|sin fundamento|inútil*|ingenu*|histéric*|insultante*|incoherente*|incomprensible*|confus*|caótic*|inventad*|irreal*|poco realista*|una broma|patétic*|lamentable*|un disparate|disparatad*|fantasios*|imaginari*|fuera de lugar|de risa",
    usted: "usted|ustedes|tú|vosotros|vos",
    adv: "claramente|evidentemente|obviamente|simplemente|seguramente|probablemente|aparentemente|por lo visto|ya|también|siempre|nunca|jamás|otra vez|de nuevo|constantemente|continuamente|usted|ustedes|tú|mismo|misma|usted mismo|usted misma|tú mismo|solo|sólo|sencillamente|además|encima|todavía|aún|ni siquiera|deliberadamente|a propósito|totalmente|completamente|sin duda|bien|correctamente|primero|antes|tampoco|repetidamente|sistemáticamente|negligentemente|imprudentemente|sin más|al parecer|muy|tan|demasiado|bastante|realmente|nada|algo",
    aux: "ha|has|han|habéis|había|habías|hubo",
    fault:
      "culpa|error|errores|negligencia|descuido|descuidos|imprudencia|ignorancia|incompetencia|incapacidad|torpeza|distracción|impaciencia|pereza|despiste|falta de|mala fe|mal uso|uso indebido|uso incorrecto|mala manipulación|equivocación|olvido|desconocimiento|negativa a|irresponsabilidad|dejadez|inexperiencia|inacción|desidia|desorden|terquedad|desinterés|mala gestión|mal comportamiento|comportamiento|desatención|estupidez|tozudez|mala configuración|incumplimiento|fallo|lentitud|inconsciencia|ineptitud|malentendido|mala cabeza|falta",
    polite:
      "recibido|recibida|tenido|sido|obtenido|oído|podido|perdido|encontrado|merecido|causado|pedido|querido|necesitado|dejado de funcionar|logrado (contactar|hablar|comunicar*)|conseguido (contactar|hablar|comunicar*)|hecho nada|roto|cometido|provocado|llegado|estado|elegido|visto|fallado|sabido|perjudicado|contestado nadie|habido|funcionado|ocurrido|pasado|cambiado|olvidado|equivocado|solicitado|sufrido|cobrado|terminado|quedado|hecho falta|gastado",
    pp: "*ado|*ido|leído|hecho|puesto|escrito|dicho|abierto|resuelto|devuelto|hecho caso|prestado atención|visto",
    past: "leyó|leíste|siguió|seguiste|comprobó|comprobaste|revisó|revisaste|hizo|hiciste|escuchó|escuchaste|prestó|prestaste|guardó|guardaste|informó|informaste|avisó|avisaste|comunicó|comunicaste|contestó|contestaste|respondió|respondiste|verificó|verificaste|miró|miraste|cumplió|cumpliste|entendió|entendiste|pagó|pagaste|consultó|consultaste|tuvo (cuidado|en cuenta|la (precaución|delicadeza|paciencia|amabilidad))|tuviste|actualizó|actualizaste|instaló|instalaste|reinició|reiniciaste|pensó|pensaste|preguntó|preguntaste|cuidó|respetó|respetaste|atendió|atendiste|indicó|indicaste|mencionó|mencionaste|se (molestó|fijó|informó|aseguró|preocupó|dignó|tomó|presentó|dio cuenta)|te (molestaste|fijaste|informaste|aseguraste|preocupaste)|envió|enviaste|facilitó|rellenó|completó|configuró|conectó|cargó|aportó|acudió|supo (leer|seguir|usar|rellenar|configurar|explicar*)|quiso (escuchar|leer|entender|seguir)|dio|puso|apagó|firmó|devolvió|confirmó|renovó|hicieron|leyeron|siguieron|revisaron|avisaron|comprobaron",
    harm: "olvidó|olvidaste|olvidado|ignoró|ignoraste|ignorado|descuidó|descuidado|omitió|omitiste|omitido|incumplió|incumplido|rompió|rompiste|roto|dañó|dañado|estropeó|estropeaste|estropeado|borró|borraste|borrado|confundió|confundiste|confundido|causó|causaste|causado|provocó|provocaste|provocado|malinterpretó|malinterpretado|malgastó|desobedeció|desatendió|desatendido|manipuló|manipulado|desconfiguró|desconfigurado|rechazó atender|se equivocó|te equivocaste|se ha equivocado|te has equivocado|se olvidó|te olvidaste|se ha olvidado|se despistó|se empeñó|se ha empeñado|se negó|se ha negado|te negaste|se saltó|se ha saltado|te saltaste|saltado|abusó|abusado|tardó demasiado|destrozó|destruyó|tiró|metió la pata|la ha liado|se pasó|perdió el|perdió la|pasó por alto|ha pasado por alto|hizo caso omiso|ha hecho caso omiso|hiciste caso omiso|desbarató|mintió|cometió (un|el|una|varios)|ha cometido (un|el|una|varios)|dejó (caer|caducar|pasar|vencer)|ha dejado (caer|caducar|pasar|vencer)|olvidaron|ignoraron|rompieron|excedió|excedido|golpeó|mojó",
    wrong:
      "mal|equivocado|equivocada|equivocados|equivocadas|incorrecto|incorrecta|incorrectos|incorrectas|incorrectamente|erróneo|errónea|erróneos|erróneas|erróneamente|al revés|indebidamente|por error|sin permiso|sin (pensar|leer|mirar|comprobar|avisar|preguntar|consultar|autorización|cuidado|motivo|razón|necesidad)|demasiado tarde|tarde|a pesar de (nuestro|nuestra|las|los|que)|pese a (nuestro*|nuestra*|las|los|que)|inadecuadamente|falso|falsos|falsa|falsas|incompleto|incompletos|incompleta|donde no debía|lo que no debía|por su cuenta|imprudentemente|de cualquier manera",
    inf: "leer|leerlo|leerla|leerse|revisar|comprobar|mirar|escuchar|seguir|prestar|aprender|pensar|pensarlo|haber|informarse|fijarse|consultar|tener|hacer|ser|estar|preguntar|verificar|estudiar|cuidar|atender|asegurarse|intentar|dejar|avisar*|molestarse|usar|respetar|reconocer|asumir|entender|poner|guardar|documentarse|echar|dedicar|repasar|esforzarse|saber|saberlo|cumplir|madurar|reflexionar|darse|conocer",
    manual:
      "manual|instrucciones|guía|preguntas frecuentes|documentación|condiciones|contrato|artículo|artículos|correo|correos|mensaje|mensajes|carta|cartas|página|web|base de conocimientos|ayuda|pasos|factura|folleto|letra pequeña|avisos|aviso|tutorial|faq|normas|que pone|que le|que te",
  },
  barriers:
    "nosotros|nosotras|yo|nadie|ningún|ninguno|pero|sino|si|que|porque|y|no|nunca|ni|sin|nos|nuestro|nuestra|quien|donde|cuando|cuándo|aunque|nada|técnico|colega|compañero|compañera|agente",
  excuses: {
    before: [
      "(si|en caso de que|por si|puede que|es posible que|quizás|quizá|tal vez|a lo mejor|posiblemente|suponiendo que|aunque usted crea) ~3",
      "(no (decimos|creemos|pensamos|queremos decir|digo|creo|esperamos|insinu*)|nadie (dice|piensa|espera|cree)|nada de lo) [que] ~4",
      "(nosotros|nuestro*|nuestra*|enviamos|mandamos|olvidamos|hemos) ~8 (tarde|equivocad*|error|olvid*|mal|no) ~4 (así que|por eso|por lo que|de modo que) ~4",
      "(gente|persona|personas|que habló|empleado|empleada|operador|operadora|supervisor|repartidor|mensajero) ~4",
      "(nosotros|nuestro*|nuestra*|nuestro técnico|mi compañer*|mi colega|el técnico|nuestro sistema|el sistema) _3",
    ],
    after: [
      "~12 (porque|ya que|puesto que|pues|dado que|debido a|por|que) ~3 (nuestr*|nosotros|*amos|*imos|página|enlace|sistema|compañer*|técnico|carta|nadie|un|una) ~6 (tarde|mal|equivocad*|erróne*|error|incorrect*|no|falt*|fall*|confus*|caíd*|bloquead*|spam|incomplet*|antigu*|ilegible*|perdi*|olvid*)",
      "~12 (porque|ya que|puesto que|pues|dado que|debido a|que) ~4 (no|tarde|mal|olvid*|perdi*) ~2 (*amos|*imos)",
      "~12 (porque|ya que|que) ~4 (olvidamos|perdimos|tardamos|equivocamos|fallamos)",
      "~12 (porque|ya que|que) ~2 (*amos|*imos) ~3 (tarde|mal|equivocad*|erróne*|incorrect*)",
      "~6 [,] (pero|y) (eso|es|fue|la culpa|el error) ~3 (nuestr*|nosotros)",
    ],
    reported: [
      "(menos mal que|me alegr* de que|está bien que|qué bien que|bien en|suerte que) ~2",
      "(siento|sentimos|lament*|disculp*|perdon*) que (nadie|ninguno|ninguna|nuestr*|mi|nosotros|no (hayamos|hayan)|hayamos|hayan|le hayamos|le hayan) ~8",
      "(gracias|agradec*) ~2 [por|que] ~2",
      "(deberíamos|debimos|debíamos|tendríamos que|teníamos que|tenemos que|debemos) ~4",
      "(sentimos|siento|lament*|disculp*|perdon*|inaceptable|injust*|nunca debió|no debió|no debimos|no debería|vergüenza|impropio) ~12 (dijera*|dicho|decir*|dijo|escrit*|insinu*|sugiri*|acus*|impresión|sensación|sentir|afirm*|culpara*|respondiera*|dijimos|reproch*) ~6",
      "(usted|nos) (dice|escribe|cuenta|comenta|dijo|cree|piensa|ha dicho|escribió) que ~2",
    ],
  },
};
