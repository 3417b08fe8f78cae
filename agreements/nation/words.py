"""Words of which made-up places and people are named."""


def _words(text: str) -> list[str]:
    return text.split()


PLACE_BEGINNINGS = _words(
    """
Alder Amber Ash Aspen Bay Bear Beaver Birch Blue Brook Buck Butler Canyon Cedar Cherry Clear Cliff
Copper Cotton Crescent Crystal Cypress Deer Eagle Elk Elm Fair Falcon Fern Forest Fox Garnet Glen
Gold Granite Green Hazel Heron High Holly Iron Ivy Juniper Lake Laurel Long Magnolia Maple Marble
Meadow Mill Mineral New North Oak Orchard Pearl Pine Plum Prairie Quail Raven Red River Rock Rose
Sand Silver Spring Spruce Stone Summit Sunny Timber Union Valley Walnut West White Wild Willow
"""
)
PLACE_ENDINGS = """
brook|burg|dale|field|ford| City| Creek| Falls| Grove| Heights| Hill| Lake| Park| Point| Rapids
| Ridge| Springs|ton|view|ville|wood
""".replace("\n", "").split("|")

STATE_BODIES = (
    "Highway Patrol",
    "Department of Public Safety",
    "Department of Corrections",
    "Bureau of Investigation",
    "Game and Wildlife Commission",
    "Department of Agricultural Enforcement",
    "National Guard",
    "Capitol Police",
)

TITLES = ("Deputy", "Deputy", "Deputy", "Officer", "Officer", "Corporal", "Sergeant", "Lieutenant")

LAST_NAMES = _words(
    """
Abbott Acosta Adkins Albright Barnes Barrera Bauer Benson Boyd Bradshaw Briggs Calloway Cantrell
Castillo Chandler Cobb Cochran Conley Crane Crawford Dalton Delgado Dixon Donovan Draper Duarte
Eastman Ellison Emerson Escobar Farley Fields Finch Flores Foster Fowler Gaines Gallegos Garrett
Gentry Gibbs Goodwin Grady Guerra Hadley Hale Harmon Hatfield Hayden Herrera Hickman Hollis Hooper
Hubbard Ibarra Ingram Irwin Jarvis Jennings Juarez Keller Kemp Kirkland Lamb Landry Larkin Lawson
Leblanc Lockhart Lucero Maddox Maldonado Marsh Mathis Mayfield McCray Mercer Middleton Montoya
Navarro Neal Newell Nolan Norris Nunez Oakley O'Brien Ochoa Oliver Ortega Osborne Pacheco Paxton
Pennington Pierce Pollard Prescott Pruitt Quinlan Quintero Ramsey Rankin Reyes Rhodes Rollins
Salas Sawyer Sears Shelton Shepherd Singleton Solis Stafford Stanton Sutton Tate Thornton Tilley
Trevino Tucker Underhill Valdez Vance Vaughn Vega Wade Walters Warner Weaver Whitaker Whitfield
Wilcox Wolfe Yates York Zamora Zimmerman
"""
)
FIRST_NAMES = _words(
    """
Aaron Adam Alicia Amber Andre Angela Anna Austin Beth Blake Brandon Brenda Bryan Caleb Carla
Carlos Cody Courtney Craig Dana Daniel Darren Diana Diego Dustin Elena Eric Ethan Faith Felix
Frank Gabriel Glenn Grace Grant Hannah Hector Heidi Henry Irene Isaac Jacob James Jasmine Jason
Jesse Joel Jordan Julia Karen Keith Kyle Laura Leah Logan Luis Marcus Maria Mark Megan Miguel
Monica Nathan Nicole Noah Olivia Oscar Patrick Paul Peter Priscilla Quentin Rachel Raul Rebecca
Ricardo Robert Rosa Russell Samuel Sara Scott Sean Shane Sofia Steven Tara Teresa Travis Trevor
Tyler Vanessa Vera Victor Wade Wesley Yolanda Zachary
"""
)
