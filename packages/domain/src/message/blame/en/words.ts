import type { BlameLanguage } from "../language.ts";

/** The words of the English patterns, and the contexts that excuse a match. */
export const words: Omit<BlameLanguage, "language" | "rules"> = {
  words: {
    unkind:
      "negligence|carelessness|ignorance|stupidity|laziness|clumsiness|incompetence|sloppiness|recklessness|stubbornness|arrogance|gullibility|foolishness|thoughtlessness|idiocy|incomprehension|disobedience|illiteracy|inattention|forgetfulness|wishful thinking",
    belittling:
      "ridiculous|absurd|laughable|unreasonable|childish|silly|stupid|nonsense|nonsensical|ludicrous|pathetic|embarrassing|unrealistic|exaggerated|excessive|outrageous|unfounded|baseless|pointless|useless|naive|hysterical|insulting|disrespectful|incoherent|incomprehensible|unintelligible|confused|muddled|chaotic|sloppy|poor at best|a joke|invented|creative|imaginary|far fetched|a waste of time|tiresome|annoying",
    adv: "really|just|simply|clearly|obviously|apparently|evidently|plainly|seemingly|probably|surely|certainly|also|again|once|still|already|actually|always|constantly|repeatedly|continually|even|all|yourself|yourselves|have|had|must have|must|so|deliberately|carelessly|stupidly|blatantly|foolishly|recklessly|knowingly|conveniently|only|blindly|completely|totally|consistently|happily|negligently|then|decided to|chose to|managed to|were the one who|are the one who",
    obvious: "obviously|clearly|apparently|evidently|plainly|seemingly|manifestly|undoubtedly|of course|naturally",
    harm: "failed|fail|neglected|neglect|omitted|forgot|forgotten|ignored|ignore|overlooked|disregarded|disregard|skipped|skip|refused|refuse|misread|misunderstood|misunderstand|misused|misuse|mishandled|misconfigured|misinterpreted|mistyped|misspelled|misplaced|misdialed|misdialled|messed|screwed|broke|broken|damaged|destroyed|ruined|wrecked|caused no end of|deleted|wasted|violated|breached|tampered|fiddled|spilled|spilt|botched|bungled|mangled|insisted on|insist on|mucked|goofed|blew|locked yourself|jumped to|could not be bothered|can not be bothered|could not be bothered|left it too late|waited too long before telling|lied|abused|exceeded|jailbroke|rooted|slept through|invented|exaggerated|brought this|brought it|contradict",
    fault:
      "fault|faults|mistake|mistakes|negligence|carelessness|ignorance|incompetence|inability|misuse|mishandling|misreading|misconfiguration|misunderstanding|inattention|impatience|laziness|stupidity|sloppiness|inexperience|clumsiness|recklessness|neglect|oversight|doing|wrongdoing|blunder|blunders|sloppy|careless|reckless|blame|failings|shortcomings|wrong settings|wrong handling|improper use|incorrect use|typing error|typo|bad habits|forgetfulness|refusal|failure to|failure|failures|lack of|poor|unwillingness|unrealistic|thoughtlessness|inaction|bad planning|errors",
    manual:
      "manual|manuals|instructions|instruction|documentation|docs|faq|faqs|article|articles|knowledge base|guide|guides|handbook|terms|conditions|contract|small print|fine print|leaflet|booklet|notice|notices|mail|mails|email|emails|e mail|letter|letters|page|website|site|help|help page|help pages|tutorial|readme|steps|label|policy|invoice|bill|reply|message|messages|wiki|forum|text|rules|warning|announcement|support pages|basics",
    effort:
      "read|listen|listened|check|checked|follow|followed|pay attention|paid attention|bother|bothered|care|cared|try|tried|look|looked|think|thought|test|tested|restart|restarted|reboot|rebooted|update|updated|back up|backed up|verify|verified|understand|understood|comply|complied|notice|noticed|consult|consulted|grasp|grasped|realise|realize|make sure|made sure|keep|kept|cooperate|learn|learned|learnt|inform yourself|ask first|plan|plugged|plug|charge|charged|maintain|maintained|secure|secured|pay|paid",
    complaints:
      "calling|ringing|phoning|complaining|asking|wasting|blaming|writing|bothering|whining|sending|mailing|emailing|harassing|pestering|expecting|pretending|making|accusing|lying|shouting|yelling|arguing|threatening|nagging|moaning|demanding|messaging|repeating|opening|playing|fooling|dragging|bombarding|spamming|being|acting|interrupting|inventing|ignoring|contacting|chasing|changing|messing|fiddling|forgetting|breaking|doing|raising|assuming|refusing|turning|submitting|confusing|clicking|guessing",
    insult:
      "incapable|incompetent|careless|clueless|lazy|impatient|ignorant|stupid|foolish|confused|mistaken|wrong|negligent|irresponsible|unreasonable|rude|naive|sloppy|difficult|at fault|to blame|in the wrong|the problem|the one to blame|the cause|overreacting|dumb|dense|slow|hopeless|ridiculous|inattentive|forgetful|reckless|disorganised|disorganized|hysterical|dramatic|unwilling|not paying attention|not listening|not reading|not trying|not able to follow|not able to read|not smart|not capable|not competent|wasting|unable to read|unable to follow|unable to understand|unable to operate|unable to use|unable to grasp|too lazy|too stupid|too impatient|too careless|too busy to read|too slow|exaggerating|making this up|guilty|responsible for this mess|responsible for the mess|responsible for the damage|imagining|illiterate|out of your depth|holding it wrong|your own worst enemy|an idiot|idiots|a nuisance|liable|impossible to help|impossible|embarrassing yourself|the only one complaining|solely responsible|entirely responsible",
    you: "you|you all",
  },
  barriers:
    "we|our|us|i|he|she|they|nobody|none|it|that|which|who|and|but|if|because|not|never|no|nothing|when|so|neither|nor|without|whether|how|what|where",
  excuses: {
    before: [
      "(if|whether|in case|unless|should|that if|suppose|assuming|perhaps|maybe|possibly|could it be that|is it possible that|it is possible that|even though you believe) ~3",
      "(not|never|no one|nobody|none of us|nothing) [are|is|am] _1 (say*|think*|suggest*|mean*|imply*|believe*|claim*|expect*|feel*) [to|is|was|s|it|this|at all|for a moment] ~4",
      "(we|our|i) _8 (late|wrong|wrongly|failed|forgot|mistake|error|never|outdated|unclear|confusing|missing|broken|lost|not (send|tell|sent|told|explain*|inform*)) ~6 [,] (so|and so|therefore|which is why|that is why|and that is why) ~5",
    ],
    after: [
      "~14 (because|since|as|which|that|where|when|while|due to|for) [the|all|of] (we|our|i|us|nobody here|my colleague) ~8 (late|wrong|wrongly|failed|forgot|forgotten|mistake|error|never|outdated|old|unclear|confusing|confuses|missing|broken|lost|hid|hidden|badly|poorly|did not|had not|have not|has not|was not|were not|mixed|swapped|misleading|contradictory|blocked|false|bug|delayed|down|too small|fault|broke|gave no|no|unreadable|incomplete|fails|nowhere|spam|unreadable|disappeared|crashed)",
      "~14 [,] (but|and) (that is|this is|it is|that was|this was|it was|that) ~3 (our|ours|us|because (we|our))",
      "~8 (is|was) [<adv>] (our|ours)",
    ],
    reported: [
      "(good|glad|great|happy|relieved|fortunate|lucky|fine|okay|perfectly fine) [thing] [that] [you] ~1",
      "(thank|thanks|grateful|appreciate) ~2 (for|that) ~2",
      "(we|i|our team|my colleague|my colleagues|our agent) (should|ought to|could|might) [<adv>] [have] ~3",
      "(sorry|apolog*|regret|ashamed|wrong|unacceptable|inexcusable|unfair|rude|inappropriate|mistake|should not have|never have|not ok|not acceptable|no excuse|no one should|nobody should|nobody may|never) ~12 (told|said|says|say|suggested|suggest|implied|imply|wrote|sounded|sound|impression|feel|felt|claimed|accused|accuse|blamed|hear|called|insinuated|telling|saying|suggesting|implying|blaming|write) ~6",
      "(my colleague|our agent|our reply|our letter|our mail|the agent|our message|the reply) ~3 (wrongly|should not have|should never have|had no right to) ~8",
      "(you) [<adv>] (wrote|said|say|write|told us|mention*|described|reported|asked|feel|think|believe) [us] (that) ~2",
    ],
  },
};
