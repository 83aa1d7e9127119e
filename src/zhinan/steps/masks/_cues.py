"""What stands around names in English texts: introductions, roles, verbs, and what makes a thing of a name."""

from __future__ import annotations

import re

__all__ = ["ACTS", "CALLS", "MADE", "MET", "NAME_IS", "SAYS", "THING", "VOCATIVE", "WEAK"]

SAYS = re.compile(
    r"(?i:\b(?:(?:full |first |last |sur|nick|user|legal |maiden |middle |given |family )?names?(?:d)?(?: is|['’]s| "
    r"was|s? ?:| ?=| as|,)?|call(?:ed)? me|"
    r"known as|goes by|go by|named after|alias|a\.?k\.?a\.?|"
    r"card ?holder(?: name)?|account holder|account name|signed(?: by| off by|:|,)|signature|sign-off|beneficiary|"
    r"recipient|payee|payer|"
    r"attn|attention|c/o|contact(?: person)?:|next of kin|emergency contact|passenger(?: name)?|claimant|complainant|"
    r"insured|applicant|"
    r"policyholder|guarantor|patient(?: name)?|from ?:|to ?:|cc ?:|bcc ?:|sender ?:|by ?:|agent ?:|caller ?:|customer "
    r"?:|client ?:|user ?:|"
    r"guest ?:|tenant ?:|landlord ?:|student ?:|teacher ?:|driver ?:|owner ?:|author ?:|assignee ?:|reporter ?:|"
    r"assigned to ?:?|reported by|requested by|approved by|"
    r"prepared by|reviewed by|handled by|served by|written by|submitted by|booked by|ordered by|created by|"
    r"witness(?:ed by)?:?|ship(?:ped)? to ?:|deliver(?:ed)? to ?:|bill to ?:|"
    r"sincerely|regards|cheers|wishes|best|yours|faithfully|truly|respectfully|love|thanks|thank you|ta|xx|gratefully|"
    r"warmly|kindly)"
    r"[,.!]?[\s:=\"'“(*_-]{0,4})\Z"
)
"""What announces a name."""
MET = re.compile(
    r"(?i:\b(?:i am|i['’]m|im|this is|it['’]s|its|that['’]s|hi|hiya|hello|hey|yo|dear|morning|afternoon|evening|thanks|"
    r"thank you|thx|ty|cheers|"
    r"sorry|congrats|welcome|bye|please|pls|ask(?:ed)?(?: for)?|speak(?:ing)? (?:to|with)|spoke (?:to|with)|talk(?:ed|"
    r"ing)? (?:to|with)|"
    r"chat(?:ted)? with|met(?: with)?|meet(?:ing)?(?: with)?|see(?:ing)?|saw|know|email(?:ed)?|e-mail|call(?:ed)?|"
    r"phoned?|rang|text(?:ed)?|messaged?|told|tell|"
    r"contact(?:ed)?|remind|invite|cc|ping|loop(?:ed)? in|thank|blame|trust|helped|assigned to|report(?:s|ed|ing)? to|"
    r"(?:ex-?)?husband|(?:ex-?)?wife|partner|fianc[ée]e?|boyfriend|girlfriend|spouse|son|daughter|brother|sister|"
    r"mother|father|mum|mom|mama|dad|papa|"
    r"uncle|aunt(?:ie)?|cousin|niece|nephew|grand(?:ma|pa|mother|father|son|daughter)|nan|granny|friend|mate|buddy|"
    r"bestie|roommate|flatmate|housemate|colleague|co-?worker|"
    r"neighbou?r|boss|manager|supervisor|agent|rep|representative|advis[eo]r|consultant|doctor|dr|gp|nurse|surgeon|"
    r"dentist|midwife|vet|driver|courier|landlord|landlady|tenant|"
    r"client|customer|employee|teacher|tutor|professor|student|pupil|technician|engineer|plumber|electrician|therapist|"
    r"lawyer|solicitor|attorney|accountant|assistant|"
    r"receptionist|secretary|intern|kid|baby|child|toddler|guy|lady|man|woman|girl|boy|gentleman|patient|user|caller|"
    r"member|officer|captain|coach|chef|waiter|waitress|"
    r"says?|said),?[ \n]?[(\"“]?)\Z"
)
"""Who or what stands before somebody's name."""
VOCATIVE = re.compile(
    r"(?i:, (?:can|could|will|would|are|did|do|have|when|what|where|how|why|is|the|your|you|please|pls|thanks|"
    r"thank|i|we|let|got|just|any|here|not|it)\b"
    r"| (?:can|could|will|would|did|do|have|are) you\b| from (?:accounts|hr|it|sales|support|billing|finance|"
    r"reception|marketing|the)\b| next door\b"
    r"| (?:starts|started|leaves|is off|is out|is away|is late|is sick|is on leave|called in)\b)"
)
"""What follows somebody who is spoken to, or a colleague."""
MADE = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?|[Tt]his|[Tt]hat|[Ee]very|[Nn]ew|[Oo]ld) |[A-Z][\w'’]* & ?|&|\b(?:[Hh]urricane|[Ss]torm|"
    r"[Tt]yphoon|[Cc]yclone|[Ll]ake|[Mm]ount|[Mm]t\.?|[Pp]ort|[Ff]ort|[Ss]an|[Ss]aint|[Ss]t\.?|[Cc]ape|[Pp]lanet|"
    r"[Tt]eam|[Bb]rand|[Hh]ello|[Hh]arvey|[Pp]ro|[Cc]ity of|[Ss]tate of|in|In|near) )\Z"
)
"""What makes a thing or a place of the name behind it."""
WEAK = re.compile(
    r"(?i:\b(?:by|from|with|for|to|and|&|or|of|about|after|between|both|via|per|at|because|but|while|"
    r"that|if|when|that|as|than|like),?[ \n]?[(\"“]?)\Z"
)
"""What may stand before a name, and before anything else."""
ACTS = re.compile(
    r"(?i:['’]s (?:mum|mom|dad|wife|husband|son|daughter|phone|email|number|account|card|order|address|appointment|"
    r"room|desk|birthday|house|car|laptop|file|invoice|passport|parcel|place|shift|team|ticket|report)|"
    r",? (?:\([^)]{1,30}\),? )?(?:said|says|sez|called|calls|calling|asked|asks|told|tells|wrote|writes|emailed|emails|"
    r"texted|rang|phoned|confirmed|confirms|reported|reports|lives|lived|signed|wants|wanted|"
    r"requested|requests|complained|visited|handled|handles|replied|replies|answered|promised|paid|sent|sends|picked|"
    r"dropped|ordered|booked|bought|needs|needed|works|worked|left|moved|"
    r"joined|arrived|helped|explained|mentioned|thinks|thought|knows|knew|got|took|came|went|gave|made|did|does|will|"
    r"would|can|could|should|may|might|must|has|had|have|hasn['’]t|is|was|isn['’]t|wasn['’]t|and i|and me|here|"
    r"speaking|"
    r"at reception|from (?:accounts|hr|it|sales|support|billing|finance)|who|born|aged|dob|lost|forgot|resigned|died|"
    r"passed|refused|agreed|keeps|kept|never|always|also|just|please|thanks|thank)\b"
    r"|,? ?\(?(?:\+?\d|[\w.]+@|dob|aged?|tel|phone|mobile|cell)|(?=,[ \n]|[!?:.]? ?\n|:| -))"
)
"""What a person does or has, behind a name."""
CALLS = re.compile(
    r",? (?:said|says|called|calls|asked|told|wrote|emailed|texted|rang|phoned|confirmed|reported|"
    r"lives|signed|complained|replied|promised|mentioned|explained)\b|['’]s (?:mum|mom|dad|wife|husband|son|daughter|"
    r"phone|email|number|account|desk|birthday)\b"
)
"""What hardly anything but a person does."""
THING = re.compile(
    r"(?:['’]s)?,? ?(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Court|Square|Place|Park|Bridge|Station|Airport|"
    r"Hospital|Clinic|University|College|School|Hotel|"
    r"Bank|Inc|Ltd|LLC|GmbH|Corp|Co|Company|Group|Stores?|Center|Centre|County|Island|Islands|Beach|Blvd|Boulevard|Way|"
    r"Terrace|Close|Airlines|Airways|Hall|Hill|Hills|House|"
    r"Pharmacy|Foundation|Museum|Theatre|Theater|Tower|Towers|Mall|Stadium|Church|Cathedral|Library|Institute|"
    r"Industries|Motors|Insurance|Partners|Associates|Media|Bay|Lake|River|Mountain|"
    r"Valley|Heights|Gardens|Grove|Crescent|Award|Prize|Cup|Act|Law|disease|syndrome|test|effect|theorem|theory|scale|"
    r"Day|Kong|Francisco|Angeles|Diego|Jose|York|Jersey|Delhi|dollars?|Plaza|Resort|Inn|Suites|Express|Market|Cafe|"
    r"Café|Bar|Pub|Arms|Brewery|Bakery|Kitchen|Foods?|Sauce|Syndrome|Disease|Test|Scale|Effect|Theorem|Station|Line|"
    r"Junction|Terminal|Arena|Club|FC|United|City|Town)\b"
    r"|^ ?& ?[A-Z][a-z]+|^ and (?:Sons|Co|Partners|Associates)\b"
)
"""What makes a street, a firm or a law of a name before it."""
NAME_IS = re.compile(r"(?i:name(?:['’]s| is|:| =|=)|call me|called) ?\Z")
"""What says that a name follows."""
