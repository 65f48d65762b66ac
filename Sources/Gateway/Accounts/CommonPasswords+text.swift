extension CommonPasswords {
    static let text = """
        aaaa aabbcc abcabc abcabcabc abcd abcde abcdef abcdefg abcdefgh access accessdenied accessgranted admin adminadmin administration
        administrator adminpassword amor amore amormio anyone anything asdasd asdf asdfasdf asdfgh asdqwe azerty badpassword bbbb believe
        believeinme believer beloved blank changeit changeme changemenow changepassword changethis client companypassword confidential contrasena
        contrasenha customer default defaultpassword demo dontknow empty enter entry everyone everything example forgot forgotten geheim
        goodpassword guest guestpassword haslo homepassword ichliebedich idontknow idunno iforgot ihateit ihateyou ilovedad ilovegod iloveher
        ilovehim ilovejesus iloveme ilovemom ilovemum ilovemycat ilovemydog ilovemyfamily ilovemylife ilovemyself iloveu iloveyou iloveyoubaby
        iloveyouforever iloveyousomuch iloveyoutoo jetaime keymaster letmein letmeinnow letmeinplease lkjhgf login logmein logon losenord love
        loveforever lovehate loveislife lovelife lovelove lovely loveme lovemeforever lover loverboy lovergirl lovers loveyou loveyouforever
        loving manager master mastercard masterkey masterpassword mnbvcxz motdepasse mypassword mypasswords mysecret newpassword nobody noone
        nopass nopassword nothing null oldpassword opendoor opensesame openup ourpassword parola pass passcode passphrase passw passwd password
        password1234567890 passwordone passwordpass passwort personal pleasechange pleasechangeme poiuy poiuyt private qazwsx qazxsw qweasd
        qweasdzxc qweqwe qwer qwerasdf qwerty qwertyqwerty qwertyui qwertz root rootpassword rootroot salasana sample secret secrets
        securepassword senha sesame signin somebody someone something standard strongpassword superadmin superuser supervisor sysadmin teamo
        teamomucho temp tempo temporary temppass temppassword tequiero test tester testing testtest thepassword tiamo toor topsecret trustme
        trustno trustnoone undefined unknown user username userpassword users visitor wachtwoord welcome welcomeback welcomehome welcometo
        whatever wifipassword workpassword wsxedc xxxx xyzzy yourpassword zxcv zxczxc zzzz
        alligator anaconda animal ants baboon badger beagle bear bears beaver bees beetle bison buffalo bull bulldog bulls bunnies bunny
        butterflies butterfly camel cats cheetah chicken chihuahua chimpanzee cobra cougar cows crocodile crow dachshund dino dinosaur doggie
        doggy dogs dolphin dolphins donkey dove dragon dragonfly duck ducks ducky eagle eagles elephant elephants falcon falcons firefly fish
        fishes fishing flamingo foxes frog froggy gecko giraffe goat goose gorilla griffin grizzly hamster hawk hawks hippo horse horses husky
        insect jaguar kangaroo kitten kittens kitty kittycat koala labrador ladybug lamb leopard lion lions lizard lobster mammoth mice monkey
        monkeys mouse mustang octopus orca otter owls panda pandas panther panthers parrot peacock penguin penguins phoenix pigeon piggy piglet
        polarbear ponies pony poodle puma puppies puppy pussycat python rabbit raccoon raptor rats raven ravens rhino rooster rottweiler salmon
        scorpion shark sharks sheep skunk snake spider spiders squid squirrel stallion swan teddybear terrier tiger tigers toad tortoise trout
        turkey turtle tyrannosaurus unicorn unicorns viper werewolf whale wolf wolves zebra
        acmilan ajax archery arsenal astros athletics badminton barcelona baseball basketball bayern bayernmunchen bayernmunich beckham benfica
        bengals besiktas bicycle blackhawks boca bocajuniors borussia bowling boxer boxing braves broncos browns bruins canadiens canucks
        cardinals celtic celtics champion champions chargers chelsea colts corinthians cowboys cricket cristiano cristianoronaldo cubs cycling
        cyclist djokovic dodgers dortmund everton fcbarcelona federer fenerbahce ferrari feyenoord fitness flamengo flyers football galatasaray
        giants golf golfer golfing gymnast gymnastics hamilton handball heat hockey icehockey inter intermilan jaguars jordan judo juventus
        karate knicks kobe kobebryant kungfu lacrosse lakers lebron lebronjames lionelmessi liverpool madrid manchester manchesterunited mancity
        manunited mapleleafs maradona mariners marseille mercedes messi mets michaeljordan milan nadal napoli nationals newcastle neymar oilers
        olympic olympics olympique orioles packers palmeiras parissaintgermain patriots pele phillies pirates pistons porto racer racing raiders
        rams rangers realmadrid redskins redsox redwings riverplate rockets roma ronaldinho ronaldo rossi royals rugby runner running saints
        santos saopaulo schalke schumacher seahawks senna shaq shaquille skateboard skater skating skiing snowboard soccer softball sporting
        spurs steelers surf surfer surfing swimmer swimming taekwondo tennis texans tigerwoods titans tottenham verstappen vikings volleyball
        warriors winner winners wrestler wrestling yankees zidane
        aaron abby abdullah abigail adam adrian adriana ahmed aiden aisha alan albert alberto alejandra alejandro alex alexa alexander alexandra
        alexandre alexandria alexis alfred alfredo alice alicia alison allen allison alyssa amanda amber amelia amit anastasia andre andrea
        andreas andrei andres andrew andy angel angela angelica angelina angelo angie anita anjali anna annabelle anne annie anthony antoine
        anton antonia antonio april ariana ariel arthur ashley ashton audrey austin autumn ayse bailey barbara beatrice beatriz becky bella
        benjamin bernard bernie beth bethany betty beverly billy bobby bonnie boris brad bradley brandon brandy brenda brendan brian brianna
        bridget brittany brooke bruce bruno bryan caleb cameron camila camille carl carla carlos carmen carol carolina caroline carolyn carrie
        casey cassandra cassie catalina catherine cathy cecilia chad charles charlie charlotte chelsey chen cheryl chloe chris christian
        christina christine christopher cindy claire clara claude claudia claudio cody colin connor corey courtney craig cristian cristina
        crystal curtis cynthia daisy dakota dale damian damien dana daniel daniela danielle danny darren daryl dave david dawn dean debbie
        deborah debra deepak denis denise dennis derek derrick desiree destiny devin diana diane diego dominic dominik dominique donald donna
        doris dorothy douglas duncan dustin dylan earl eddie edgar edith eduardo edward edwin eileen elaine eleanor elena elias elijah elisabeth
        elizabeth ella ellen ellie emanuel emilia emilie emily emma emmanuel emre eric erica erik erika erin ernest esteban esther ethan eugene
        evelyn faith fatima felicia felipe felix fernanda fernando fiona florence frances francesca francesco francis francisco franco frank
        frankie franklin fred freddie frederic frederick gabriel gabriela gabriella gabrielle ganesh gareth garrett gary gavin genesis geoffrey
        george georgia gerald gerard gina giovanni gloria gonzalo gordon grace graham greg gregory guillermo gustavo hailey hannah hans harold
        harry harvey hassan heather hector heidi helen helena henry herbert hiroshi holly howard hugo hunter hussein ibrahim igor ingrid irene
        iris isaac isabel isabella isabelle ivan jack jackie jackson jacob jacqueline jade jaime jake james jamie jane janet janice jared jasmin
        jasmine jason javier jean jeanette jeff jeffrey jenna jennifer jenny jeremy jerome jerry jesse jessica jessie jesus jill jimmy joan
        joanna joanne joaquin jocelyn joel joey johan johanna john johnny jonas jonathan jorge jose joseph josephine joshua josue juan juanita
        judith judy julia julian juliana julie julien juliet julio julius justin justine kaitlyn karen karina karl karla kate katelyn katherine
        kathleen kathryn kathy katie katrina kayla keith kelly kelsey kenji kenneth kenny kevin kimberly kirsten krishna kristen kristian kristin
        kristina kumar kurt kyle lakshmi larry laura lauren laurence laurent lawrence leah lena leon leonard leonardo leslie leticia lewis liam
        lillian lily linda lindsay lindsey linh lisa logan lois lorenzo lori louis louise luca lucas lucia luciana lucy luis luisa luke lydia
        lynn mackenzie maddie madeline madison maggie manuel manuela marc marcel marcelo marcia marco marcos marcus margaret margarita maria
        mariah mariana marianne marie marilyn marina mario marion marisol marissa marjorie mark markus marlene marshall marta martha martin
        martina marvin mary mason mateo mathew mathieu mathilde matias matt matteo matthew matthias maureen maurice mauricio maxime maximus
        maxwell megan mehmet melanie melinda melissa melody meredith michael michaela michel michele michelle miguel mike mikhail mila miles
        mindy minh miranda miriam misty mitchell mohamed mohammed molly monica monique morgan muhammad mustafa nadia nadine nancy naomi natalia
        natalie natasha nathalie nathan nathaniel neil nelson nguyen nicholas nick nicola nicolas nicole nikita nikki nina noah noel nora norma
        norman olga oliver olivia omar oscar owen pablo paige pamela paolo pascal patricia patrick paul paula paulina pauline paulo pedro
        penelope perry peter petra philip philippe phillip phoebe pierre preston priscilla priya rachel rafael rahul ralph ramon randy raquel
        raul raymond rebecca regina reginald renata renee ricardo richard rick ricky riley rita robert roberta roberto robin rocio rodney rodrigo
        roger roland roman ronald ronnie rosa rosalie rose rosemary ross roxanne ruben russell ruth ryan sabrina sakura sally salvador samantha
        sammy samuel sandra sandrine sandy sanjay santiago sara sarah sasha scott sean sebastian selena serena serge sergei sergey sergio seth
        shane shannon sharon shaun shawn sheila shelby sherry shirley sierra silvia simon simone singh sofia sonia sophia sophie spencer stacey
        stacy stanley stefan stefanie stella stephane stephanie stephen steve steven stewart stuart summer sunita susan susana susanne suzanne
        svetlana sydney sylvia sylvie takashi tamara tammy tanya tara tatiana taylor teresa terry thalia theodore theresa thierry thomas tiffany
        timothy tina todd tomas tommy tony tracey tracy travis trevor trinity tristan troy tyler ursula valentin valentina valerie vanessa vera
        veronica vicky victor victoria vijay vincent violet virginia vivian vladimir walter wanda wang warren wayne wendy wesley whitney wilfred
        willem william willie wolfgang xavier yolanda yuki yusuf yvette yvonne zachary zhang
        alhamdulillah allah alone amazing amen angelito angels awesome babe babes baby babyboy babyface babygirl badboy badgirl beast beautiful
        beauty behappy bestfriend bestfriends bible bismillah bless blessed blessing blessings blessme boyfriend boys brother brothers buddha
        child children christ church crazy crazyinlove cuddles cute cutie cutiepie daddy danger dangerous darling dead deadly dearest death demon
        desire devil dream dreamer dreaming dreams evil familia family fantastic father forever free freedom friend friends friendsforever
        friendship ghost ghosts girl girlfriend girls godbless godblessme godisgood godisgreat godislove goodboy goodgirl gorgeous gospel grandma
        grandpa granny happiness happy happyday happyme hateme hater heaven heavenly hell holy holyspirit honey honeybee honeybun honeybunny hope
        hotboy hotgirl hottie hubby hugme hugs husband idiot insane inshallah jehovah jesuschrist jesusislord jesuslovesme jesussaves joyful
        kiddo kids kill killer killers king kingdom kings kiss kisses kissme laugh laughing lonely loser lucifer magic magical mama mamma maniac
        married messiah mommy monster monsters moonlight moonshine moron mother mummy murder myfamily naughty omnamahshivaya papa parents passion
        peace peaceandlove peaceful perfect praise pray prayer precious pretty prettygirl prince princesa princess principe psycho queen rainbow
        rainbows reina romance romantic satan savior saviour sexy sexyboy sexygirl sexylady sexyme shiva single sister sisters smile smiley
        smiling snuggles spirit stardust starlight stupid sugar sugarpie sunflower sunrise sunset sunshine sweet sweetdreams sweetheart sweetie
        sweetpea sweety thankgod together treasure vampire wedding wicked wife wifey wonderful worship yahweh zombie zombies
        abracadabra acdc acdcacdc aerosmith alien aliens anakin anime aragorn assassin assassinscreed avatar avengers backtothefuture bambi
        barbie barbiegirl bart bartsimpson bass bassman batman beatles beyonce bieber biggie bilbo bilbobaggins blacksabbath bleach blink
        blink182 blur bobmarley bond bonjovi braveheart bugsbunny bulbasaur callofduty captain captainamerica captainkirk cartman casablanca
        castlevania catwoman charizard charmander cheater cheese chewbacca cinderella cloudstrife coldplay counterstrike crue daffy daffyduck
        dance dancer dancing darthvader davidbowie deadpool deathnote defleppard depeche depechemode diablo digimon disney donaldduck doom dota
        dracarys dracula dragonball dragonballz drdre drummer drums dumbledore dumbo eeyore elsa elvis elvispresley eminem enterprise evanescence
        expelliarmus fallout falloutboy finalfantasy findingnemo foofighters fortnite frankenstein freddiemercury frodo frodobaggins frozen
        gameofthrones gamer gamers gaming gandalf garfield ghostbusters gladiator godfather godofwar goku goldeneye goldfinger gollum goofy
        grandtheftauto greenday gryffindor guitar guitarist guitars gunsnroses hakunamatata halo hannahmontana hansolo harmony harrypotter
        heavymetal hellokitty hermione hero heroes highlander hiphop hobbit hocuspocus hodor hogwarts homer homersimpson hufflepuff hulk
        hungergames ichigo inception indiana indianajones ironmaiden ironman jamesbond jedi jedimaster johnlennon joker jonasbrothers
        jurassicpark justinbieber katyperry khaleesi kirk klingon kratos kurtcobain ladygaga lannister laracroft leagueoflegends ledzeppelin
        legolas lennon letitgo link linkinpark lionking loki lordoftherings luffy luigi lukeskywalker madonna manga mariobros marley marvel
        masterchief matrix mccartney megadeth megaman metal metalgear metalhead metallica mewtwo michaeljackson mickey mickeymouse mileycyrus
        millenniumfalcon minecraft minnie minniemouse mordor morpheus motley muggle muse music musica musician mychemicalromance narnia naruto
        nemo nintendo nirvana noob oasis onedirection onepiece overwatch ozzy pacman paramore pearljam peterpan piano picard pikachu pinkfloyd
        pinocchio player player1 playerone playstation pluto pokemon pong pooh poohbear potter predator princessleia punk punkrock quake
        quidditch radiohead rambo rammstein rapper rapunzel rasta rastaman ravenclaw redhotchilipeppers reggae residentevil rihanna roblox
        rockandroll rocker rocknroll rockstar rocky rollingstones sasuke sauron saxophone scarface scooby scoobydoo scooter sega selenagomez
        sephiroth shakira sherlock sherlockholmes shrek simba simcity simpsons singer singing sith skyrim skywalker slimshady slipknot slytherin
        snape snoopdogg snoopy snowwhite solidsnake sonic soundgarden southpark spiderman spock spongebob spongebobsquarepants squidward squirtle
        starcraft stark startrek starwars starwarsfan stitch stormtrooper supercalifragilistic superhero superheroes superman supermario
        sylvester targaryen taylorswift techno terminator tetris thebeatles thesims thor tigger tinker tinkerbell titanic tobeornottobe
        tokiohotel tolkien tombraider trance trumpet tupac tweety tweetybird twilight vader vegeta violin voldemort warcraft watson winnie
        winniethepooh winteriscoming witcher wolverine wonderwoman worldofwarcraft xbox yoda zelda
        accord adidas adobe airbus airplane alfaromeo altima amazon android apollo apollo13 apple armani astonmartin astra audi bacardi bentley
        benz bitcoin blackberry blockchain bluetooth boeing budweiser bugatti buick burgerking cadillac camaro camry celica centos challenger
        chanel charger cherokee chevrolet chevy chrysler cisco citroen civic cocacola coder coding coke compaq computer computers converse cooper
        corolla corona corsa corvette cracker crackme crypto cyber cyberpunk database davidson debian dell desktop developer developers discord
        dlink dodge dogecoin dolce dreamweaver ducati ebay encrypted encryption escort ethereum excel explorer f150 facebook fanta fedora fiat
        fiesta firebird firewall focus ford fordmustang friendster gabbana galaxy gmail google googlegoogle gucci guinness hack hacked hacker
        hackers hacking hackme harley harleydavidson heineken helicopter hello hellohello helloworld hewlett honda hotmail hummer hyundai impala
        impreza instagram integra intel internet ipad iphone ipod jackdaniels java javascript jeep jetta johndeere jordans juniper kawasaki
        keyboard lamborghini lancer landrover laptop lenovo lincoln linkedin linksys linux louisvuitton macbook malibu marlboro maserati mazda
        mcdonalds mercedesbenz microsoft microsoftwindows mini minicooper mitsubishi mongodb monitor motocross motorbike motorcycle motorola
        myspace mysql nasa netflix netgear network nike nissan nokia nutella nvidia octavia office opel oracle oreo outlook packard passat paypal
        pentium pepsi peugeot photoshop pilot pizzahut pontiac porsche porsche911 postgres postgresql prada printer programmer ranger rangerover
        redbull redhat reebok renault robot robotics robots rocket rolex rollsroyce router saab samsung seat secure secured security server
        servers silverado skoda skyline skype smirnoff snapchat snickers solaris sony spaceship spotify sprite starbucks subaru subway supra
        suzuki swatch system systems telegram tequila terminal tesla thinkpad tiktok toshiba toyota tplink tractor train trains triumph truck
        trucker trucks twitch twitter ubuntu unix vaio vans versace vespa vodka volkswagen volvo wallet whatsapp whiskey whisky windows windowsxp
        wireless wrangler yahoo yamaha youtube
        almond applepie apples avocado bacon bagel bamboo banana bananas beans beef beer beers biscuit bloom blossom blueberry bread broccoli
        brownie brownies burger burrito butter buttercup cactus cafe cake cakes candies candy candyman cannabis cappuccino caramel carrot carrots
        cashew champagne cheeseburger cheesecake cherries cherry chocolat chocolate chocolates cinnamon clover coconut coffee cookie
        cookiemonster cookies cranberry cream cucumber cupcake cupcakes donut doughnut espresso flower flowers forest ganja garden garlic ginger
        grape grapes grass greentea hamburger hotdog icecream juice kiwi lasagna latte lavender leaf leaves lemon lemons lilly lime lotus
        macaroni mango mangos maple marijuana mary420 meatball meatballs melon milk milkshake mocha muffin muffins mushroom mushrooms nacho
        nachos noodles onion orange oranges orchid pancake pancakes papaya pasta peach peaches peanut peanutbutter peanuts pear pepper peppers
        pickle pickles pineapple pizza plum porkchop potato potatoes pumpkin ramen raspberry redrose redwine rice rosebud roses salsa sandwich
        sausage spaghetti spinach steak strawberries strawberry sushi taco tacos toast tomato tomatoes tree trees tulip vanilla violets waffle
        waffles walnut watermelon weed willow wine
        africa alabama alaska always america american amsterdam arabia argentina arizona athens atlanta august aussie australia austria bangalore
        bangkok bangladesh beach beaches beijing beirut belgium berlin birthday black black123 blackbeard blackbird blackblack blackcat blackdog
        blackjack blacksheep blue blueblue bluesky boston brasil brazil britain british bronx bronze brooklyn brown brussels cairo california
        californialove canada canadian canyon chicago chile china chinese christmas cincinnati cleveland cloud clouds cloudy colombia colorado
        copper cosmos crimson cuba dallas danmark december deeppurple delhi denmark denver desert detroit deutschland diamond diamonds dominican
        dubai earth earthquake easter ecuador egypt emerald england english espana evening february finland fire fireball fireman firestorm flame
        flames florida forevermore france french friday german germany gold golden goldfish goodmorning goodnight gray greece green greengreen
        grey halloween hamburg happybirthday happynewyear hawaii helsinki holiday holidays holland hollywood hongkong houston hurricane iceberg
        icecube iceland iceman illinois india indian indigo indonesia inferno ireland irish iron island islands israel istanbul italia italian
        italy jakarta jamaica jamaican january japan japanese jerusalem july june jupiter kansas karachi kentucky kenya kiev korea lahore
        lasvegas lebanon lightning lisboa lisbon london losangeles louisiana magenta malaysia manhattan manila march mars melbourne memphis
        mercury merrychristmas mexican mexico miami michigan midnight minnesota mississippi missouri monday montana moon morning moscow mountain
        mountains mumbai munich nashville natural nature nebraska neptune netherlands nevada never neveragain nevermind newyear newyork
        newyorkcity newzealand nigeria norge norway november oakland ocean oceans october ohio oklahoma oregon orlando osaka oslo pakistan
        paradise paris pearl peru philadelphia philippines pilipinas pink pittsburgh planet platinum poland polska portugal puertorico purple
        purplerain rain raindrop rainfall rainy redred river rivers rome ruby russia russian sandiego sanfrancisco sapphire saturday saturn
        scarlet scotland scottish seaside seattle seoul september shanghai shootingstar silver singapore snow snowball snowflake snowman snowy
        southafrica space spain spanish spring springtime star stars steel stockholm storm stormy summer2020 summertime sunday sunny suomi
        superstar sverige sweden switzerland taiwan tennessee texas thailand thanksgiving thunder thunderbolt thunderstorm thursday titanium
        today tokyo tomorrow tonight tornado tuesday turkiye turquoise ukraine unitedstates universe uranus utah vacation valentine valley vegas
        venezuela venice venus vienna vietnam volcano wales warsaw washington water waterfall wednesday weekend white whitehouse winter
        wintertime wisconsin world xmas yellow yesterday
        accounting achilles agent007 alphabet anarchy anubis aphrodite architect army arrow artemis artist asshole assholes athena atomic
        attorney author avenue bandit barbarian bastard beethoven begin beginning bestever bigboss bigboy bigdaddy bigdick bigdog bigman bigred
        billionaire bingo biology bitch bitches blackpearl blade blades blowme bluebell bluebird bluedog bluedragon bluemoon bollocks bomb bomber
        bombs boobs book books boots booty boss bottle bridge buddy buddyboy bullet bullets bullshit business businessman buster byebye caesar
        camelot camera carpenter cash casino casper castle chair chaos charlie1 cheguevara chemistry chevelle chili cinema cleopatra clubber
        cocksucker college commander company cool coolbeans cooldude coolgirl coolguy coolio coolness crap crown dammit damn dark darkangel
        darkknight darkness darkside darkstar darwin democracy dentist designer detective dickhead disco discoball doctor doctors dollar dollars
        doorbell dude duke dynamite eclipse eight einstein electrician eleven emperor empire engineer engineers eternal eternity evolution
        excalibur explosive extreme fantasia fantasy fast fastcar faster fighter figures final finally finance financial finish finished first
        five flash flashback fluffy forgetme forgetmenot fortune four fucker fuckers fucking fuckit fuckme fuckoff fuckthis fuckyou fuckyouall
        gambler gandhi gangsta gangster general geography getrich ghostrider gizmo goddamn gogogo goldberg goldenboy goldie goodbye graduate
        gummybear gummybears gunner gunners hades haha hahaha hammer headphones hehehe hellothere hellyeah hercules heythere highschool history
        hitler home homealone homeboy homegirl homesweethome hooker hothot hotrod hotshot hotstuff house houses howareyou hulkhogan hundred
        hunters hustler iamgod iamking iamlegend iamnumberone iamthebest iamtheone illusion imcool imissu imissyou immortal imperial imsorry
        imthebest independence infinite infinity itsme itsmebitch jackpot jacksparrow jasper jellybean jellybeans johncena juliuscaesar justice
        justme knife knight knightrider knights ladybird lancelot laser lassie last lawyer legend legendary legends lenin letsgetit letsgo
        letsparty letters liberty library lightspeed lmao lollipop lollol lolol lottery lovebird lovebirds lovebug lucky lucky7 luckyboy
        luckycharm luckygirl luckyme luckyone magicman makemoney mandela marine marines mathematics maverick maximum mechanic merlin microphone
        million millionaire milo mirror mirrors missyou mittens mobile money moneymaker moneymoney motherfucker mountaindew movie movies mozart
        mystery mystic napoleon navy newton nighthawk nightlife nightmare nightowl nightwish nine ninja ninjas nitro nuclear number numberone
        numbers nurse obama odin odysseus ohmygod ohyeah omgomg onetwothree onetwothreefour onlyme onlyone order osiris outlaw outsider overlord
        painter paladin paper papers party partyboy partygirl partytime patches pencil penis pharaoh phone photo photos physics picasso picture
        pictures pimp pimpdaddy pimpin pirate pistol plasma playboy playgirl please pleaseletmein plumber poet poker pokerface police policeman
        porn pornstar poseidon professor pussy radio ragnarok randyorton rascal rebel rebels reddragon redhead redneck redrum remember rememberme
        republic revolution rich richman rifle rkorko rockbottom rofl roulette royal royalty rusty sadie salty samurai sassy school schools
        science seal second secretagent sergeant seven sexsex sexsexsex shadow shadows shakespeare sheriff shit shithead shogun shooter shotgun
        simplythebest sizzle slayer smokey sniper socks soldier soldiers sorcerer sorry sparky spartan spartans speaker speed speedy spicy spike
        spot stalin start startup stereo steveaustin stinky stonecold stop stopit stranger strangers street stripper student students success
        successful sucker suckit suckme sugarbaby superb supercool superfly superior superman1 supernova supreme swag sweets sword swords table
        teacher teachers teddy telephone television thanks thankyou theater thebest thebestever theone therock third thousand three thug thuglife
        titan toby tomcat topdog topgear topgun toplevel tower trojan trojans trump tucker turbo twelve ultimate ultimatum underdog underground
        undertaker university unodostres valhalla victorious victory viking vision visions wanker warlock warrior wassup wazzup weapon weapons
        weekendwarrior whatsup whiskers wildcat wildcats wildchild wildfire wildthing window windows7 winning winston witch witches wizard
        wizards wrestlemania writer xtreme yeahbaby yolo youareawesome youareloved zero zeus ziggy
        """
}
